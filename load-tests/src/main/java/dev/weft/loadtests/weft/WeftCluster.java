package dev.weft.loadtests.weft;

import dev.weft.api.v1.AddPortsRequest;
import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteEndpointRequest;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.GetNodeRequest;
import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.PortSpec;
import dev.weft.api.v1.RemovePortsRequest;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.Subnet;
import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ServerAddress;
import dev.weft.lab.Await;
import dev.weft.lab.Lab;
import dev.weft.lab.LabException;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import dev.weft.lab.LabSpec;
import dev.weft.lab.Namespaces;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.UnavailableException;
import dev.weft.loadtests.measure.Uninterrupted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A lab with a control plane and daemons as a user would start them, and a client of the control plane's socket. */
public final class WeftCluster implements AutoCloseable {

    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final com.google.protobuf.Duration WAIT_MESSAGE = com.google.protobuf.Duration.newBuilder()
            .setSeconds(WAIT.toSeconds())
            .build();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Lab lab;
    private final Connection connection;
    private final List<HostNamespace> opened = new ArrayList<>();

    private WeftCluster(Lab lab, Connection connection) {
        this.lab = lab;
        this.connection = connection;
    }

    /**
     * Starts a cluster.
     *
     * @param hosts how many run a daemon
     * @throws UnavailableException if the lab lacks a program that it needs
     */
    public static WeftCluster start(LabSpec.StoreKind store, int hosts) {
        String name = "b" + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX)
                + Integer.toString(NUMBER.incrementAndGet(), Character.MAX_RADIX);
        Lab lab;
        try {
            lab = Lab.up(LabSpec.named(name).withStore(store).withHosts(hosts));
        } catch (LabException e) {
            throw new UnavailableException("the lab did not start: " + e.getMessage());
        }
        Path socket = lab.controlPlaneHost().controlPlaneSocket();
        WeftCluster cluster = new WeftCluster(lab, Connection.open(new ServerAddress.UnixSocket(socket)));
        try {
            Await.until("all nodes to be connected", WAIT, () -> cluster.connectedNodes() == hosts);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private long connectedNodes() {
        return connection.nodes().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                .filter(node -> node.getStatus().getConnected())
                .count();
    }

    /** The cluster's nodes by number, from 1. */
    public LabHost host(int number) {
        return lab.host(number);
    }

    /** Creates a bridge network on a node, its subnet chosen by Weft. */
    public void createBridge(LabHost node, String name) {
        createBridge(node, name, List.of());
    }

    /** Creates a bridge network on a node with this subnet. */
    public void createBridge(LabHost node, String name, String subnet) {
        createBridge(node, name, List.of(Subnet.newBuilder().setCidr(subnet).build()));
    }

    private void createBridge(LabHost node, String name, List<Subnet> subnets) {
        connection
                .networks()
                .createNetwork(CreateNetworkRequest.newBuilder()
                        .setName(name)
                        .setDriver("bridge")
                        .setNode(node.name())
                        .addAllSubnets(subnets)
                        .build());
    }

    public void createOverlay(String name, String subnet) {
        connection
                .networks()
                .createNetwork(CreateNetworkRequest.newBuilder()
                        .setName(name)
                        .setDriver("overlay")
                        .setAttachable(true)
                        .addSubnets(Subnet.newBuilder().setCidr(subnet))
                        .build());
    }

    public void deleteNetwork(LabHost node, String name) {
        connection
                .networks()
                .deleteNetwork(DeleteNetworkRequest.newBuilder()
                        .setNetwork(name)
                        .setNode(node.name())
                        .build());
    }

    /** Creates a sandbox with one endpoint and waits until its node reports it ready. */
    public Sandbox createSandbox(LabHost node, String network) {
        return createSandbox(node, network, Optional.empty(), List.of());
    }

    /**
     * The same with a name and published ports.
     *
     * @param name one is made up when empty
     */
    public Sandbox createSandbox(LabHost node, String network, Optional<String> name, List<PortSpec> ports) {
        return connection
                .sandboxes(WAIT)
                .createSandbox(CreateSandboxRequest.newBuilder()
                        .setName(name.orElse(""))
                        .setNode(node.name())
                        .addEndpoints(EndpointSpec.newBuilder().setNetwork(network))
                        .addAllPorts(ports)
                        .setWait(WAIT_MESSAGE)
                        .build());
    }

    /** Publishes ports of a sandbox that exists and waits until its node has done it. */
    public void addPorts(Sandbox sandbox, PortSpec ports) {
        Sandbox unused = connection
                .ports(WAIT)
                .addPorts(AddPortsRequest.newBuilder()
                        .setSandbox(sandbox.getId())
                        .addPorts(ports)
                        .setWait(WAIT_MESSAGE)
                        .build());
    }

    /** Takes ports back and waits until the node has done it. */
    public void removePorts(Sandbox sandbox, PortSpec ports) {
        Sandbox unused = connection
                .ports(WAIT)
                .removePorts(RemovePortsRequest.newBuilder()
                        .setSandbox(sandbox.getId())
                        .addPorts(ports)
                        .setWait(WAIT_MESSAGE)
                        .build());
    }

    /** A range of TCP ports of all addresses of the host, each to the same port of the sandbox. */
    public static PortSpec ports(int first, int count) {
        return PortSpec.newBuilder()
                .setHostPort(first)
                .setHostPortEnd(first + count - 1)
                .setContainerPort(first)
                .setContainerPortEnd(first + count - 1)
                .build();
    }

    /** What the control plane knows of a node. */
    public Node node(LabHost node) {
        return connection
                .nodes()
                .getNode(GetNodeRequest.newBuilder().setNode(node.name()).build());
    }

    /** The process that is a node's daemon. */
    public LabProcess daemon(LabHost node) {
        return lab.daemon(node);
    }

    /** A machine of the underlay that is no node; the caller closes it. */
    public HostNamespace openOutside() {
        return HostNamespace.open(Namespaces.path(lab.outside().namespace()));
    }

    /** Connects a sandbox to a further network and waits until its node reports the endpoint ready. */
    public Endpoint connect(Sandbox sandbox, String network, Optional<String> address) {
        EndpointSpec.Builder spec = EndpointSpec.newBuilder().setNetwork(network);
        address.ifPresent(spec::setIpv4Address);
        return connection
                .endpoints(WAIT)
                .createEndpoint(CreateEndpointRequest.newBuilder()
                        .setSandbox(sandbox.getId())
                        .setEndpoint(spec)
                        .setWait(WAIT_MESSAGE)
                        .build());
    }

    /** Connects a sandbox under a further name and waits until its node reports the endpoint ready. */
    public void connectAs(Sandbox sandbox, String network, String alias) {
        Endpoint unused = connection
                .endpoints(WAIT)
                .createEndpoint(CreateEndpointRequest.newBuilder()
                        .setSandbox(sandbox.getId())
                        .setEndpoint(
                                EndpointSpec.newBuilder().setNetwork(network).addAliases(alias))
                        .setWait(WAIT_MESSAGE)
                        .build());
    }

    /** Disconnects and waits until the node has taken the endpoint away. */
    public void disconnect(Sandbox sandbox, String network) {
        connection
                .endpoints(WAIT)
                .deleteEndpoint(DeleteEndpointRequest.newBuilder()
                        .setSandbox(sandbox.getId())
                        .setNetwork(network)
                        .setWait(WAIT_MESSAGE)
                        .build());
    }

    /** The sandbox's namespace; closed with the cluster. */
    public HostNamespace namespace(Sandbox sandbox) {
        HostNamespace namespace =
                HostNamespace.open(lab.machine(sandbox.getNode()).sandboxNamespace(sandbox.getId()));
        opened.add(namespace);
        return namespace;
    }

    @Override
    public void close() {
        opened.forEach(HostNamespace::close);
        connection.close();
        Uninterrupted.run(lab::close);
    }
}
