package dev.weft.loadtests.weft;

import dev.weft.api.v1.PortProtocol;
import dev.weft.api.v1.PortSpec;
import dev.weft.api.v1.Sandbox;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.probe.Echo;
import dev.weft.loadtests.probe.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A cluster of one host with many sandboxes on one bridge network: real namespaces, nothing runs in them. */
final class WeftCrowd implements AutoCloseable {

    static final String NETWORK = "crowd";
    /** Room for as many as a bridge takes. */
    private static final String SUBNET = "10.235.0.0/20";

    private final WeftCluster cluster;
    private final List<Sandbox> sandboxes;

    private WeftCrowd(WeftCluster cluster, List<Sandbox> sandboxes) {
        this.cluster = cluster;
        this.sandboxes = sandboxes;
    }

    /** @param endpoints one a sandbox; the first of them has the port of an {@link Echo} published */
    static WeftCrowd of(int endpoints) {
        WeftCluster cluster = WeftCluster.start(StoreKind.SQLITE, 1);
        try {
            cluster.createBridge(cluster.host(1), NETWORK, SUBNET);
            List<Sandbox> sandboxes = new ArrayList<>();
            for (int i = 0; i < endpoints; i++) {
                sandboxes.add(cluster.createSandbox(
                        cluster.host(1), NETWORK, Optional.empty(), i == 0 ? List.of(echoPort()) : List.of()));
            }
            return new WeftCrowd(cluster, sandboxes);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static PortSpec echoPort() {
        return PortSpec.newBuilder()
                .setHostPort(Echo.PORT)
                .setContainerPort(Echo.PORT)
                .setProtocol(PortProtocol.PORT_PROTOCOL_UDP)
                .build();
    }

    WeftCluster cluster() {
        return cluster;
    }

    LabHost host() {
        return cluster.host(1);
    }

    Sandbox sandbox(int index) {
        return sandboxes.get(index);
    }

    /** So many of the sandboxes at most, the first and the last among them. */
    List<Sandbox> spread(int count) {
        return Spread.of(0, sandboxes.size(), count).stream()
                .map(sandboxes::get)
                .toList();
    }

    static String address(Sandbox sandbox) {
        return sandbox.getEndpoints(0).getIpv4Address().split("/", 2)[0];
    }

    @Override
    public void close() {
        cluster.close();
    }
}
