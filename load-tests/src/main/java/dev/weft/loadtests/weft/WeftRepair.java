package dev.weft.loadtests.weft;

import dev.weft.api.v1.Sandbox;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import java.util.concurrent.TimeUnit;

/** Weft: from the end of a command that damages what it built until it is as it was. */
public final class WeftRepair implements Contender {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final String NETWORK = "bench";

    private final WeftCluster cluster;
    private final LabHost host;
    private final String damage;
    private final String intact;

    /** What is damaged. */
    public enum Damage {
        FDB_ENTRY("bridge fdb del $MAC dev $VXLAN self", "bridge fdb show dev $VXLAN | grep -q \"$MAC dst\""),
        TUNNEL_DOWN("ip link set $VXLAN down", "ip -o link show up dev $VXLAN | grep -q UP"),
        GATEWAY_ADDRESS(
                "ip address flush dev $BRIDGE scope global", "ip -4 -o address show dev $BRIDGE | grep -q inet"),
        RULESET("nft flush ruleset", "nft list tables inet | grep -q weft"),
        ROUTE_IN_SANDBOX(
                "nsenter --net=$SANDBOX ip route del default", "nsenter --net=$SANDBOX ip route | grep -q ^default");

        private final String command;
        private final String intact;

        Damage(String command, String intact) {
            this.command = command;
            this.intact = intact;
        }
    }

    private WeftRepair(WeftCluster cluster, Sandbox here, Sandbox there, Damage damage) {
        this.cluster = cluster;
        this.host = cluster.host(1);
        String network = there.getEndpoints(0).getNetworkId();
        String suffix = network.substring(0, 12);
        String variables = "MAC=" + there.getEndpoints(0).getMacAddress() + " VXLAN=vx-" + suffix + " BRIDGE=br-"
                + suffix + " SANDBOX=" + host.sandboxNamespace(here.getId()) + "; ";
        this.damage = variables + damage.command;
        this.intact = variables + damage.intact;
    }

    public static WeftRepair open(Damage damage) {
        WeftCluster cluster = WeftCluster.start(StoreKind.SQLITE, 2);
        try {
            cluster.createOverlay(NETWORK, "10.234.0.0/16");
            Sandbox here = cluster.createSandbox(cluster.host(1), NETWORK);
            Sandbox there = cluster.createSandbox(cluster.host(2), NETWORK);
            return new WeftRepair(cluster, here, there, damage);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    @Override
    public double measure(int round) {
        awaitIntact();
        host.exec("sh", "-c", damage).orThrow();
        long start = System.nanoTime();
        awaitIntact();
        return Stopwatch.millisecondsBetween(start, System.nanoTime());
    }

    /** Looks without a pause: each look starts a process, which is pause enough. */
    private void awaitIntact() {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!host.exec("sh", "-c", intact).succeeded()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not repaired in a minute: " + damage);
            }
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
