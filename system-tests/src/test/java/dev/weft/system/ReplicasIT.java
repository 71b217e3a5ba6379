package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Two control planes on three members of etcd, with real daemons. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicasIT {

    private final Cluster cluster =
            new Cluster(Cluster.spec("rp").withHosts(2).withReplicas(2).withEtcd(3));

    @AfterAll
    void down() {
        cluster.close();
    }

    private LabHost first() {
        return cluster.host(1);
    }

    private LabHost second() {
        return cluster.host(2);
    }

    @Test
    @Order(1)
    void whatIsMadeThroughOneReplicaIsThereAtTheOther() {
        cluster.weft(first(), "network", "create", "-d", "overlay", "--subnet", "10.91.0.0/24", "web");
        for (LabHost replica : cluster.lab().controlPlaneHosts()) {
            Await.until(
                    "the network to be known to " + replica.name(),
                    Cluster.PATIENCE,
                    () -> replica.exec(
                                    "env",
                                    "WEFT_HOST=unix://" + replica.controlPlaneSocket(),
                                    replica.home().resolve("bin/weft").toString(),
                                    "network",
                                    "ls",
                                    "--format",
                                    "{{.Name}}")
                            .orThrow()
                            .contains("web"));
        }
        Cluster.Workload a = cluster.sandbox(first(), "a", "--network", "web");
        Cluster.Workload b = cluster.sandbox(second(), "b", "--network", "web");
        Cluster.awaitReach(a, b.ipv4());
    }

    @Test
    @Order(2)
    void nodesMoveWhenTheReplicaThatHasTheirStreamsIsKilled() {
        for (LabProcess replica : cluster.lab().controlPlanes()) {
            replica.kill();
            // Through the node's own daemon, which has to find the other replica: no call fails for that.
            String name = "after-" + replica.name();
            Cluster.Workload one = cluster.sandbox(first(), name + "-1", "--network", "web");
            Cluster.Workload two = cluster.sandbox(second(), name + "-2", "--network", "web");
            Cluster.awaitReach(one, two.ipv4());
            assertThat(cluster.weft(first(), "exec", name + "-1", "echo", "hello"))
                    .isEqualTo("hello");
            replica.restart();
            cluster.lab().saveState();
        }
    }

    @Test
    @Order(3)
    void aMemberOfEtcdMayBeLost() {
        LabProcess member = cluster.lab().etcdMembers().getFirst();
        member.kill();
        Cluster.Workload one = cluster.sandbox(first(), "without-1", "--network", "web");
        Cluster.Workload two = cluster.sandbox(second(), "without-2", "--network", "web");
        Cluster.awaitReach(one, two.ipv4());
        member.restart();
        cluster.lab().saveState();
    }
}
