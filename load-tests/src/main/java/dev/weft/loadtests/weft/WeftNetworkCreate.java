package dev.weft.loadtests.weft;

import dev.weft.api.v1.Sandbox;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import java.util.Optional;

/** {@code weft network create} of a bridge network with a subnet of Weft's choice, by the API. */
public final class WeftNetworkCreate implements Contender {

    private final WeftCluster cluster;
    private final Sandbox sandbox;
    private final Until until;

    /** What ends the measurement. */
    public enum Until {
        CREATED,
        /** A sandbox that exists is connected to the new network as well. */
        FIRST_ENDPOINT
    }

    private WeftNetworkCreate(WeftCluster cluster, Sandbox sandbox, Until until) {
        this.cluster = cluster;
        this.sandbox = sandbox;
        this.until = until;
    }

    public static WeftNetworkCreate open(StoreKind store, Until until) {
        WeftCluster cluster = WeftCluster.start(store, 1);
        try {
            return new WeftNetworkCreate(cluster, cluster.createSandbox(cluster.host(1), "bridge"), until);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    @Override
    public double measure(int round) {
        String name = "bench" + round;
        double elapsed = Stopwatch.milliseconds(() -> {
            cluster.createBridge(cluster.host(1), name);
            if (until == Until.FIRST_ENDPOINT) {
                cluster.connect(sandbox, name, Optional.empty());
            }
        });
        if (until == Until.FIRST_ENDPOINT) {
            cluster.disconnect(sandbox, name);
        }
        cluster.deleteNetwork(cluster.host(1), name);
        return elapsed;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
