package dev.weft.loadtests.weft;

import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.Sandbox;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.lab.Shell;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.UnavailableException;
import java.util.List;
import java.util.Optional;

/** A cluster of two hosts with one overlay network, and a sandbox on it on each host. */
public final class WeftOverlay implements AutoCloseable {

    private static final String OVERLAY = "bench";
    private static final String SUBNET = "10.234.0.0/16";

    private final WeftCluster cluster;
    private final List<Sandbox> sandboxes;
    private final List<HostNamespace> namespaces;

    private WeftOverlay(WeftCluster cluster, List<Sandbox> sandboxes, List<HostNamespace> namespaces) {
        this.cluster = cluster;
        this.sandboxes = sandboxes;
        this.namespaces = namespaces;
    }

    public static WeftOverlay start(StoreKind store) {
        WeftCluster cluster = WeftCluster.start(store, 2);
        try {
            cluster.createOverlay(OVERLAY, SUBNET);
            List<Sandbox> sandboxes = List.of(
                    cluster.createSandbox(cluster.host(1), OVERLAY), cluster.createSandbox(cluster.host(2), OVERLAY));
            return new WeftOverlay(
                    cluster,
                    sandboxes,
                    sandboxes.stream().map(cluster::namespace).toList());
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** @param index 0 or 1, the host */
    public HostNamespace namespace(int index) {
        return namespaces.get(index);
    }

    /** @param index 0 or 1, the host */
    public String address(int index) {
        Endpoint endpoint = sandboxes.get(index).getEndpoints(0);
        return endpoint.getIpv4Address().split("/", 2)[0];
    }

    /** On both hosts. */
    public void switchBridgeNetfilterOff() {
        for (int host = 1; host <= 2; host++) {
            for (String tables : List.of("iptables", "ip6tables", "arptables")) {
                Shell.Result result =
                        cluster.host(host).exec("sysctl", "-q", "-w", "net.bridge.bridge-nf-call-" + tables + "=0");
                if (!result.succeeded()) {
                    throw new UnavailableException("bridge-nf-call cannot be switched off: " + result);
                }
            }
        }
    }

    /** A further sandbox on the first host, on its default bridge network only. */
    Sandbox mover() {
        return cluster.createSandbox(cluster.host(1), "bridge");
    }

    HostNamespace namespace(Sandbox sandbox) {
        return cluster.namespace(sandbox);
    }

    void connect(Sandbox sandbox, String address) {
        cluster.connect(sandbox, OVERLAY, Optional.of(address));
    }

    void connectAs(Sandbox sandbox, String alias) {
        cluster.connectAs(sandbox, OVERLAY, alias);
    }

    void disconnect(Sandbox sandbox) {
        cluster.disconnect(sandbox, OVERLAY);
    }

    /** An address of the overlay that automatic choice has not reached: another one for every number up to 60 000. */
    static String freshAddress(int number) {
        int offset = 0x100 + number;
        return "10.234." + (offset >> 8) + "." + (offset & 0xff);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
