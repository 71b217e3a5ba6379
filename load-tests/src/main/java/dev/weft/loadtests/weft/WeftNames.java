package dev.weft.loadtests.weft;

import dev.weft.api.v1.Sandbox;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.measure.MultiContender;
import dev.weft.loadtests.probe.NameLoad;
import dev.weft.loadtests.probe.NameRound;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The resolver in a sandbox on a user-defined bridge network, asked for another sandbox of it. */
public final class WeftNames implements MultiContender {

    private static final String NETWORK = "names";

    private final WeftCluster cluster;
    private final NameLoad load;

    private WeftNames(WeftCluster cluster, NameLoad load) {
        this.cluster = cluster;
        this.load = load;
    }

    public static WeftNames open() {
        WeftCluster cluster = WeftCluster.start(StoreKind.SQLITE, 1);
        try {
            cluster.createBridge(cluster.host(1), NETWORK);
            Sandbox asking = cluster.createSandbox(cluster.host(1), NETWORK);
            Sandbox asked = cluster.createSandbox(cluster.host(1), NETWORK, Optional.of("asked"), List.of());
            return new WeftNames(cluster, NameLoad.open(cluster.namespace(asking), NameLoad.RESOLVER, asked.getName()));
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    @Override
    public List<Double> readings(int round) throws IOException {
        return new NameRound(load).readings();
    }

    @Override
    public void close() {
        load.close();
        cluster.close();
    }
}
