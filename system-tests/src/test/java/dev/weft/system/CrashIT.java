package dev.weft.system;

import dev.weft.lab.LabProcess;
import dev.weft.lab.LabSpec.StoreKind;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Killing any one process loses no packet of what flows, and everything converges after its return. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashIT {

    private final Cluster cluster = new Cluster(Cluster.spec("cr").withHosts(2).withStore(StoreKind.ETCD));
    private Cluster.Workload a;
    private Cluster.Workload b;
    private Cluster.Workload local;

    @BeforeAll
    void workloads() {
        cluster.weft(cluster.host(1), "network", "create", "-d", "overlay", "web");
        cluster.weft(cluster.host(1), "network", "create", "lan");
        a = cluster.sandbox(cluster.host(1), "a", "--network", "web");
        b = cluster.sandbox(cluster.host(2), "b", "--network", "web");
        local = cluster.sandbox(cluster.host(1), "local", "--network", "lan");
        cluster.weft(cluster.host(1), "network", "connect", "lan", "a");
        Cluster.awaitReach(a, b.ipv4());
    }

    @AfterAll
    void down() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1", "h2", "control-plane", "etcd"})
    void killedProcessLosesNoPacketAndEverythingConvergesAfterItsReturn(String victim) throws Exception {
        LabProcess process = cluster.lab().process(victim);
        try (PingStream overlay = PingStream.start(a, b.ipv4());
                PingStream back = PingStream.start(b, a.ipv4());
                PingStream bridge = PingStream.start(local, a.address("eth1", "-4"))) {
            process.kill();
            overlay.awaitMore(100);
            process.restart();
            overlay.awaitMore(100);
            overlay.assertNothingLost();
            back.assertNothingLost();
            bridge.assertNothingLost();
        }
        String name = "after-" + victim;
        Cluster.Workload late = awaitSandbox(name);
        Cluster.awaitReach(a, late.ipv4());
        Cluster.awaitReach(late, b.ipv4());
        cluster.weft(cluster.host(2), "sandbox", "rm", name);
    }

    /** The victim has just come back: the first tries may still be told that a part is away. */
    private Cluster.Workload awaitSandbox(String name) {
        Cluster.Workload[] made = new Cluster.Workload[1];
        dev.weft.lab.Await.until("a new sandbox", Duration.ofSeconds(30), () -> {
            dev.weft.lab.Shell.Result result = cluster.host(2).weft("run", "-d", "--name", name, "--network", "web");
            if (result.succeeded()) {
                made[0] = new Cluster.Workload(
                        cluster.host(2), name, result.stdout().strip());
            }
            return result.succeeded();
        });
        return made[0];
    }

    @Test
    void theWholeControlPlaneMayBeAwayWhileADaemonRestarts() throws Exception {
        LabProcess controlPlane = cluster.lab().controlPlane();
        try (PingStream overlay = PingStream.start(a, b.ipv4())) {
            controlPlane.kill();
            cluster.lab().daemon(cluster.host(1)).kill();
            // As after a fault: a tunnel entry is gone while nobody looks.
            cluster.lab().daemon(cluster.host(1)).launchAgain();
            overlay.awaitMore(200);
            overlay.assertNothingLost();
        } finally {
            controlPlane.restart();
        }
        cluster.lab().daemon(cluster.host(1)).awaitReady();
    }
}
