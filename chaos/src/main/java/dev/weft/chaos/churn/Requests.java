package dev.weft.chaos.churn;

import com.google.protobuf.FieldMask;
import dev.weft.api.v1.AddPortsRequest;
import dev.weft.api.v1.Bandwidth;
import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteEndpointRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.PortProtocol;
import dev.weft.api.v1.PortSpec;
import dev.weft.api.v1.RemovePortsRequest;
import dev.weft.api.v1.RenameSandboxRequest;
import dev.weft.api.v1.UpdateEndpointRequest;
import dev.weft.chaos.ledger.Expectation;
import dev.weft.chaos.ledger.Expectation.NodePort;
import dev.weft.chaos.ledger.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Requests about sandboxes, their endpoints and ports, which write their answers into the ledger. */
final class Requests {

    /** For an answer; a process that is stopped gives none. */
    static final Duration ANSWER = Duration.ofSeconds(4);

    /** For the node to have done it, where the client waits for that. */
    private static final com.google.protobuf.Duration WAIT =
            com.google.protobuf.Duration.newBuilder().setSeconds(2).build();

    static final String MACVLAN = "macvlan";

    private static final Set<String> NODE_CANNOT = Set.of("NODE_APPLY_FAILED", "ADDRESSES_EXHAUSTED");

    private final Ledger ledger;

    Requests(Ledger ledger) {
        this.ledger = ledger;
    }

    /** In the namespace of another one, or of that one's owner. */
    Request<?> share(String name, Expectation.Sandbox other, boolean waits) {
        CreateSandboxRequest.Builder message = CreateSandboxRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setName(name)
                .setSharedSandbox(other.id());
        // Until it is known whether somebody shares it, nothing is done to it.
        return createSandbox(
                message, Optional.empty(), waits, Set.of(other.owner().isEmpty() ? other.id() : other.owner()));
    }

    /** @param networks ids; none for the node's default bridge */
    Request<?> attach(String name, String node, String path, List<String> networks, Bandwidth limit, boolean waits) {
        CreateSandboxRequest.Builder message = CreateSandboxRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setName(name)
                .setNode(node)
                .setNetnsPath(path);
        networks.forEach(network -> message.addEndpoints(endpoint(network, List.of(), limit)));
        return createSandbox(message, Optional.empty(), waits, Set.of(path));
    }

    /**
     * @param networks ids; none for the node's default bridge
     * @param limit of each of the endpoints
     * @param aliases on each of the networks
     * @param port published with it, to container port 80
     */
    Request<dev.weft.api.v1.Sandbox> createSandbox(
            String name,
            String node,
            List<String> networks,
            List<String> aliases,
            Bandwidth limit,
            Optional<NodePort> port,
            boolean waits) {
        CreateSandboxRequest.Builder message = CreateSandboxRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setName(name)
                .setNode(node);
        networks.forEach(network -> message.addEndpoints(endpoint(network, aliases, limit)));
        port.ifPresent(published -> message.addPorts(spec(published)));
        return createSandbox(message, port, waits, Set.of());
    }

    /** @param more what else is in doubt meanwhile */
    private Request<dev.weft.api.v1.Sandbox> createSandbox(
            CreateSandboxRequest.Builder message, Optional<NodePort> port, boolean waits, Set<String> more) {
        if (waits) {
            message.setWait(WAIT);
        }
        CreateSandboxRequest request = message.build();
        Set<String> doubtful = new java.util.HashSet<>(more);
        doubtful.add(request.getName());
        doubtful.forEach(ledger::doubt);
        return new Request<>(
                "creating sandbox " + request.getName(),
                NODE_CANNOT,
                door -> door.sandboxes(patience(waits)).createSandbox(request),
                sandbox -> {
                    ledger.add(new Expectation.Sandbox(
                            sandbox.getId(),
                            sandbox.getName(),
                            sandbox.getNode(),
                            sandbox.getSharedSandboxId(),
                            sandbox.getNetnsPath()));
                    sandbox.getEndpointsList().forEach(endpoint -> ledger.add(endpoint(endpoint)));
                    port.ifPresent(published -> ledger.add(new Expectation.Port(published, 80, sandbox.getId())));
                    doubtful.forEach(ledger::settle);
                },
                (_, _) -> doubtful.forEach(ledger::settle));
    }

    Request<?> deleteSandbox(Expectation.Sandbox sandbox, boolean waits) {
        DeleteSandboxRequest.Builder message = DeleteSandboxRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox.id());
        if (waits) {
            message.setWait(WAIT);
        }
        DeleteSandboxRequest request = message.build();
        ledger.doubt(sandbox.id());
        return new Request<>(
                "deleting sandbox " + sandbox.name(),
                ledger.isShared(sandbox.id()) ? Set.of("SANDBOX_IN_USE") : Set.of(),
                door -> door.sandboxes(patience(waits)).deleteSandbox(request),
                _ -> {
                    ledger.removeSandbox(sandbox.id());
                    ledger.settle(sandbox.id());
                },
                (_, _) -> ledger.settle(sandbox.id()));
    }

    /** The names that lead to it become others; who asks for the former one finds nothing. */
    Request<?> rename(Expectation.Sandbox sandbox, String name, boolean waits) {
        RenameSandboxRequest.Builder message = RenameSandboxRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox.id())
                .setNewName(name);
        if (waits) {
            message.setWait(WAIT);
        }
        RenameSandboxRequest request = message.build();
        ledger.doubt(sandbox.id());
        ledger.doubt(name);
        return new Request<>(
                "renaming sandbox " + sandbox.name() + " to " + name,
                Set.of(),
                door -> door.sandboxes(patience(waits)).renameSandbox(request),
                _ -> {
                    ledger.rename(sandbox.id(), name);
                    ledger.settle(sandbox.id());
                    ledger.settle(name);
                },
                (_, _) -> {
                    ledger.settle(sandbox.id());
                    ledger.settle(name);
                });
    }

    Request<?> connect(
            Expectation.Sandbox sandbox, String network, List<String> aliases, Bandwidth limit, boolean waits) {
        CreateEndpointRequest.Builder message = CreateEndpointRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox.id())
                .setEndpoint(endpoint(network, aliases, limit));
        if (waits) {
            message.setWait(WAIT);
        }
        CreateEndpointRequest request = message.build();
        ledger.doubt(sandbox.id());
        return new Request<>(
                "connecting " + sandbox.name() + " to " + network,
                NODE_CANNOT,
                door -> door.endpoints(patience(waits)).createEndpoint(request),
                endpoint -> {
                    ledger.add(endpoint(endpoint));
                    ledger.settle(sandbox.id());
                },
                (_, _) -> ledger.settle(sandbox.id()));
    }

    Request<?> limit(Expectation.Sandbox sandbox, Expectation.Endpoint endpoint, Bandwidth limit, boolean waits) {
        boolean onWire = isMacvlan(endpoint.networkId());
        UpdateEndpointRequest.Builder message = UpdateEndpointRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox.id())
                .setNetwork(endpoint.networkId())
                .setEndpoint(EndpointSpec.newBuilder().setBandwidth(onWire ? egressOf(limit) : limit))
                .setUpdateMask(
                        FieldMask.newBuilder().addPaths(onWire ? "bandwidth.egress_bits_per_second" : "bandwidth"));
        if (waits) {
            message.setWait(WAIT);
        }
        UpdateEndpointRequest request = message.build();
        ledger.doubt(sandbox.id());
        return new Request<>(
                "limiting " + sandbox.name() + " on " + endpoint.networkId() + " to " + limit.getIngressBitsPerSecond()
                        + " and " + limit.getEgressBitsPerSecond(),
                NODE_CANNOT,
                door -> door.endpoints(patience(waits)).updateEndpoint(request),
                changed -> {
                    ledger.add(endpoint(changed));
                    ledger.settle(sandbox.id());
                },
                (_, _) -> ledger.settle(sandbox.id()));
    }

    Request<?> disconnect(Expectation.Sandbox sandbox, Expectation.Endpoint endpoint, boolean waits) {
        DeleteEndpointRequest.Builder message = DeleteEndpointRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox.id())
                .setNetwork(endpoint.networkId());
        if (waits) {
            message.setWait(WAIT);
        }
        DeleteEndpointRequest request = message.build();
        ledger.doubt(sandbox.id());
        return new Request<>(
                "disconnecting " + sandbox.name() + " from " + endpoint.networkId(),
                Set.of(),
                door -> door.endpoints(patience(waits)).deleteEndpoint(request),
                _ -> {
                    ledger.removeEndpoint(endpoint.id());
                    ledger.settle(sandbox.id());
                },
                (_, _) -> ledger.settle(sandbox.id()));
    }

    Request<?> addPort(Expectation.Sandbox sandbox, NodePort port, boolean waits) {
        AddPortsRequest.Builder message = AddPortsRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox.id())
                .addPorts(spec(port));
        if (waits) {
            message.setWait(WAIT);
        }
        AddPortsRequest request = message.build();
        ledger.doubt(sandbox.id());
        ledger.doubt(port.toString());
        return new Request<>(
                "publishing " + port + " of " + sandbox.name(),
                NODE_CANNOT,
                door -> door.ports(patience(waits)).addPorts(request),
                _ -> {
                    ledger.add(new Expectation.Port(port, 80, sandbox.id()));
                    ledger.settle(sandbox.id());
                    ledger.settle(port.toString());
                },
                (_, _) -> {
                    ledger.settle(sandbox.id());
                    ledger.settle(port.toString());
                });
    }

    Request<?> removePort(Expectation.Port port, boolean waits) {
        RemovePortsRequest.Builder message = RemovePortsRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(port.sandboxId())
                .addPorts(spec(port.nodePort()));
        if (waits) {
            message.setWait(WAIT);
        }
        RemovePortsRequest request = message.build();
        ledger.doubt(port.sandboxId());
        ledger.doubt(port.nodePort().toString());
        return new Request<>(
                "taking back " + port.nodePort(),
                Set.of(),
                door -> door.ports(patience(waits)).removePorts(request),
                _ -> {
                    ledger.removePort(port.nodePort());
                    ledger.settle(port.sandboxId());
                    ledger.settle(port.nodePort().toString());
                },
                (_, _) -> {
                    ledger.settle(port.sandboxId());
                    ledger.settle(port.nodePort().toString());
                });
    }

    private static Duration patience(boolean waits) {
        return waits ? ANSWER.plusSeconds(WAIT.getSeconds()) : ANSWER;
    }

    private static PortSpec spec(NodePort port) {
        return PortSpec.newBuilder()
                .setHostPort(port.port())
                .setContainerPort(80)
                .setProtocol(PortProtocol.PORT_PROTOCOL_TCP)
                .build();
    }

    private EndpointSpec.Builder endpoint(String network, List<String> aliases, Bandwidth limit) {
        EndpointSpec.Builder endpoint =
                EndpointSpec.newBuilder().setNetwork(network).addAllAliases(aliases);
        Bandwidth possible = isMacvlan(network) ? egressOf(limit) : limit;
        if (!possible.equals(Bandwidth.getDefaultInstance())) {
            endpoint.setBandwidth(possible);
        }
        return endpoint;
    }

    /** Such a link has no end on the host where what comes in could be limited. */
    private boolean isMacvlan(String network) {
        return !ledger.networks(
                        known -> known.id().equals(network) && known.driver().equals(MACVLAN))
                .isEmpty();
    }

    private static Bandwidth egressOf(Bandwidth limit) {
        return limit.toBuilder().clearIngressBitsPerSecond().build();
    }

    private static Expectation.Endpoint endpoint(dev.weft.api.v1.Endpoint endpoint) {
        return new Expectation.Endpoint(
                endpoint.getId(),
                endpoint.getNetworkId(),
                endpoint.getSandboxId(),
                endpoint.getIpv4Address(),
                endpoint.getIpv6Address(),
                endpoint.getMacAddress(),
                endpoint.getAliasesList(),
                endpoint.getBandwidth().getIngressBitsPerSecond(),
                endpoint.getBandwidth().getEgressBitsPerSecond());
    }
}
