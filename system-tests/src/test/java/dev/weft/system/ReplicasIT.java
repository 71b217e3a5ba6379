package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import dev.weft.lab.Shell;
import java.util.ArrayList;
import java.util.List;
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
        for (LabHost replica : replicas()) {
            Await.until(
                    "the network to be known to " + replica.name(),
                    Cluster.PATIENCE,
                    () -> at(replica, "network", "ls", "--format", "{{.Name}}").orThrow().contains("web"));
        }
        Cluster.Workload a = cluster.sandbox(first(), "a", "--network", "web");
        Cluster.Workload b = cluster.sandbox(second(), "b", "--network", "web");
        Cluster.awaitReach(a, b.ipv4());
    }

    /** The command as somebody on a control plane's machine would run it. */
    private static Shell.Result at(LabHost replica, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "WEFT_HOST=unix://" + replica.controlPlaneSocket(),
                replica.home().resolve("bin/weft").toString()));
        command.addAll(List.of(arguments));
        return replica.exec(command.toArray(String[]::new));
    }

    private List<LabHost> replicas() {
        return cluster.lab().controlPlaneHosts();
    }

    @Test
    @Order(2)
    void everyReplicaSpeaksForEveryNode() {
        for (LabHost replica : replicas()) {
            for (LabHost node : cluster.lab().hosts()) {
                String name = node.name() + "-by-" + replica.name();
                String as = "at " + replica.name() + ", of " + node.name();
                Await.until(
                        as + ", to be connected",
                        Cluster.PATIENCE,
                        () -> at(replica, "node", "inspect", "--format", "{{.Status.Connected}}", node.name())
                                .orThrow()
                                .contains("true"));
                // It waits until the node says that the sandbox is there.
                at(replica, "run", "-d", "--name", name, "--node", node.name(), "--network", "web", "-p", "8080")
                        .orThrow();
                assertThat(at(replica, "sandbox", "ls", "--format", "{{.Name}} {{.Status}}")
                                .orThrow())
                        .as(as)
                        .contains(name + " ready");
                assertThat(at(replica, "exec", name, "sh", "-c", "echo hello; exit 7"))
                        .as(as)
                        .satisfies(result -> {
                            assertThat(result.exitCode()).isEqualTo(7);
                            assertThat(result.stdout()).isEqualTo("hello\n");
                        });
                assertThat(at(replica, "exec", name, "no-such-command").exitCode())
                        .as(as)
                        .isEqualTo(127);
                assertThat(at(replica, "port", "audit", name).orThrow()).as(as).contains("8080");
                at(replica, "sandbox", "rm", name).orThrow();
                assertThat(at(replica, "node", "rm", node.name()).stderr())
                        .as(as)
                        .contains("connected");
            }
            assertThat(at(replica, "ipam", "leaks", "-q").orThrow()).isEmpty();
        }
    }

    @Test
    @Order(3)
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
    @Order(4)
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
