package dev.weft.loadtests.weft;

import dev.weft.api.v1.Sandbox;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import java.util.Optional;

/** {@code weft network connect} by the API: a second bridge network for a sandbox that exists, until its node has built it. */
public final class WeftConnect implements Contender {

    private static final String NETWORK = "second";

    private final WeftCluster cluster;
    private final Sandbox sandbox;

    private WeftConnect(WeftCluster cluster, Sandbox sandbox) {
        this.cluster = cluster;
        this.sandbox = sandbox;
    }

    public static WeftConnect open(StoreKind store) {
        WeftCluster cluster = WeftCluster.start(store, 1);
        try {
            cluster.createBridge(cluster.host(1), NETWORK);
            return new WeftConnect(cluster, cluster.createSandbox(cluster.host(1), "bridge"));
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    @Override
    public double measure(int round) {
        double elapsed = Stopwatch.milliseconds(() -> cluster.connect(sandbox, NETWORK, Optional.empty()));
        cluster.disconnect(sandbox, NETWORK);
        return elapsed;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
