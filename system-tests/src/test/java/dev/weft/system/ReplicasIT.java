package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.ListAddressesRequest;
import dev.weft.api.v1.ListNetworksRequest;
import dev.weft.api.v1.ListSandboxesRequest;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Sandbox;
import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ServerAddress;
import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import dev.weft.lab.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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
                    () -> at(replica, "network", "ls", "--format", "{{.Name}}")
                            .orThrow()
                            .contains("web"));
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
        // Its stream is at one of them, and each says at which.
        LabHost node = first();
        Set<String> holders = new HashSet<>();
        for (LabHost replica : replicas()) {
            String name = "by-" + replica.name();
            Await.until(
                    "the node to be connected at " + replica.name(),
                    Cluster.PATIENCE,
                    () -> at(replica, "node", "inspect", "--format", "{{.Status.Connected}}", node.name())
                            .orThrow()
                            .contains("true"));
            holders.add(at(replica, "node", "inspect", "--format", "{{.Status.Replica}}", node.name())
                    .orThrow());
            // It waits until the node says that the sandbox is there.
            at(replica, "run", "-d", "--name", name, "--node", node.name(), "--network", "web", "-p", "8080")
                    .orThrow();
            assertThat(at(replica, "sandbox", "ls", "--format", "{{.Name}} {{.Status}}")
                            .orThrow())
                    .contains(name + " ready");
            assertThat(at(replica, "exec", name, "sh", "-c", "echo hello; exit 7"))
                    .as("at %s", replica.name())
                    .satisfies(result -> {
                        assertThat(result.exitCode()).isEqualTo(7);
                        assertThat(result.stdout()).isEqualTo("hello\n");
                    });
            assertThat(at(replica, "exec", name, "no-such-command").exitCode())
                    .as("at %s", replica.name())
                    .isEqualTo(127);
            assertThat(at(replica, "port", "audit", name).orThrow())
                    .as("at %s", replica.name())
                    .contains("8080");
            at(replica, "sandbox", "rm", name).orThrow();
            assertThat(at(replica, "node", "rm", node.name()).stderr())
                    .as("at %s", replica.name())
                    .contains("connected");
            assertThat(at(replica, "ipam", "leaks", "-q").orThrow()).isEmpty();
        }
        assertThat(holders).hasSize(1).doesNotContain("");
    }

    @Test
    @Order(3)
    void nodesMoveWhenTheReplicaThatHasTheirStreamsIsKilled() {
        // One of the nodes has its stream there.
        LabProcess replica = cluster.lab().controlPlane();
        replica.kill();
        // Through the node's own daemon, which has to find the other replica: no call fails for that.
        Cluster.Workload one = cluster.sandbox(first(), "after-1", "--network", "web");
        Cluster.Workload two = cluster.sandbox(second(), "after-2", "--network", "web");
        Cluster.awaitReach(one, two.ipv4());
        assertThat(cluster.weft(first(), "exec", "after-2", "echo", "hello")).isEqualTo("hello");
        replica.restart();
        cluster.lab().saveState();
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

    @Test
    @Order(5)
    void withoutEtcdWhatWasKnownIsToldAsSuchAndNothingIsWritten() {
        Cluster.Workload one = cluster.sandbox(first(), "before-1", "--network", "web");
        Cluster.Workload two = cluster.sandbox(second(), "before-2", "--network", "web");
        List<LabProcess> members = cluster.lab().etcdMembers();
        members.forEach(LabProcess::kill);
        Await.until(
                "answers to be marked",
                Cluster.PATIENCE,
                () -> first().weft("sandbox", "ls").stderr().contains("lost its store"));
        for (LabHost host : cluster.lab().hosts()) {
            Shell.Result list = host.weft("sandbox", "ls", "--format", "{{.Name}}");
            assertThat(list.exitCode()).isZero();
            assertThat(list.stdout()).contains("before-1", "before-2");
            assertThat(list.stderr().strip().lines())
                    .singleElement()
                    .asString()
                    .matches("weft: warning: the control plane has lost its store; what it answers is as of "
                            + "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[.\\d]*Z");
            Shell.Result refused = host.weft("network", "create", "-d", "overlay", "never");
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.stderr()).contains("is etcd running, and has it a leader?", "nothing was written");
        }
        assertThat(one.reaches(two.ipv4())).as("traffic goes on").isTrue();
        assertThat(cluster.weft(first(), "exec", "before-2", "echo", "hello"))
                .as("what needs no store goes on, also at the other replica's node")
                .isEqualTo("hello");

        members.forEach(LabProcess::launchAgain);
        members.forEach(LabProcess::awaitReady);
        cluster.lab().saveState();
        for (LabHost host : cluster.lab().hosts()) {
            Await.until(
                    "answers not to be marked any more",
                    Cluster.PATIENCE,
                    () -> host.weft("sandbox", "ls").stderr().isEmpty());
            cluster.weft(host, "network", "create", "-d", "overlay", "since-" + host.name());
        }
        assertThat(cluster.weft(first(), "network", "ls", "--format", "{{.Name}}"))
                .contains("since-h1", "since-h2")
                .doesNotContain("never");
    }

    @Test
    @Order(6)
    void nodesLeaveAReplicaThatAloneHasLostTheStore() {
        // The other one was killed before, so all nodes are here.
        LabHost lonely = replicas().getLast();
        List<LabHost> etcd = List.of(
                cluster.lab().machine("etcd1"),
                cluster.lab().machine("etcd2"),
                cluster.lab().machine("etcd3"));
        etcd.forEach(member -> cluster.lab().partition(lonely, member));
        try {
            Await.until(
                    "its answers to be marked",
                    Cluster.PATIENCE,
                    () -> at(lonely, "sandbox", "ls").stderr().contains("lost its store"));
            Await.until(
                    "its nodes to be sent away",
                    Duration.ofMinutes(1),
                    () -> cluster.lab().process(lonely.name()).log().contains("the nodes are sent there"));
            for (LabHost host : cluster.lab().hosts()) {
                Await.until(
                        host.name() + " to be served by the other replica",
                        Duration.ofMinutes(1),
                        () -> host.weft("run", "-d", "--name", "moved-" + host.name(), "--network", "web")
                                .succeeded());
            }
        } finally {
            cluster.lab().heal();
        }
        Await.until(
                "it to catch up",
                Cluster.PATIENCE,
                () -> at(lonely, "sandbox", "inspect", "moved-h1", "moved-h2").succeeded());
    }

    @Test
    @Order(7)
    void noRequestFailsInARollingRestartThatWasNotUnderWayAtTheProcessThatStopped() throws Exception {
        List<RetryingClient.Failure> unexpected = new ArrayList<>();
        Map<String, Sandbox> kept;
        try (Churn churn = new Churn(replicas(), "n")) {
            churn.awaitMore();
            for (LabProcess replica : cluster.lab().controlPlanes()) {
                replica.restart();
                churn.awaitMore();
                churn.takeFailures().stream()
                        .filter(failure -> !failure.replica().equals(replica.name()))
                        .forEach(unexpected::add);
            }
            for (LabProcess member : cluster.lab().etcdMembers()) {
                member.restart();
                churn.awaitMore();
            }
            cluster.lab().saveState();
            kept = churn.end();
            unexpected.addAll(churn.takeFailures());
        }
        assertThat(unexpected).as("failures at processes that were not stopped").isEmpty();
        assertThat(kept).isNotEmpty();
        for (LabHost replica : replicas()) {
            assertEverythingIsThereOnce(replica, "n", kept);
        }
    }

    @Test
    @Order(8)
    void whatTheReplicasShareIsBuiltAnewFromTheNodesWhenAllOfThemAreKilledAtOnce() throws Exception {
        Cluster.Workload one = cluster.sandbox(first(), "lasting-1", "--network", "web");
        Cluster.Workload two = cluster.sandbox(second(), "lasting-2", "--network", "web");
        Map<String, Sandbox> kept;
        try (Churn churn = new Churn(replicas(), "m")) {
            churn.awaitMore();
            List<LabProcess> replicas = cluster.lab().controlPlanes();
            replicas.forEach(replica -> replica.signal("KILL"));
            replicas.forEach(LabProcess::kill);
            assertThat(one.reaches(two.ipv4())).as("traffic goes on").isTrue();
            replicas.forEach(LabProcess::launchAgain);
            replicas.forEach(LabProcess::awaitReady);
            cluster.lab().saveState();
            churn.awaitMore();
            kept = churn.end();
        }
        assertThat(kept).isNotEmpty();
        for (LabHost replica : replicas()) {
            Await.until(
                    "all that the nodes say to be known at " + replica.name(),
                    Cluster.PATIENCE,
                    () -> at(replica, "node", "ls", "--format", "{{.Name}} {{.Status}}")
                                    .stdout()
                                    .equals("h1 in sync\nh2 in sync\n")
                            && at(replica, "sandbox", "ls", "--format", "{{.Name}} {{.Status}}")
                                            .stdout()
                                            .lines()
                                            .filter(line ->
                                                    line.equals("lasting-1 ready") || line.equals("lasting-2 ready"))
                                            .count()
                                    == 2,
                    () -> at(replica, "node", "ls") + "\n" + at(replica, "sandbox", "ls"));
            assertThat(at(replica, "exec", "lasting-1", "echo", "one").orThrow())
                    .isEqualTo("one\n");
            assertThat(at(replica, "exec", "lasting-2", "echo", "two").orThrow())
                    .isEqualTo("two\n");
            assertThat(at(replica, "ipam", "leaks", "-q").orThrow()).isEmpty();
            assertEverythingIsThereOnce(replica, "m", kept);
        }
    }

    private static void assertEverythingIsThereOnce(LabHost replica, String prefix, Map<String, Sandbox> kept) {
        Predicate<String> churned = Pattern.compile(prefix + "\\d+").asMatchPredicate();
        try (Connection connection = Connection.open(new ServerAddress.UnixSocket(replica.controlPlaneSocket()))) {
            assertThat(connection
                            .sandboxes(Duration.ZERO)
                            .listSandboxes(ListSandboxesRequest.getDefaultInstance())
                            .getSandboxesList())
                    .as("sandboxes at %s", replica.name())
                    .extracting(Sandbox::getName)
                    .filteredOn(churned)
                    .containsExactlyInAnyOrderElementsOf(kept.keySet());
            assertThat(connection
                            .networks()
                            .listNetworks(ListNetworksRequest.getDefaultInstance())
                            .getNetworksList())
                    .as("networks at %s", replica.name())
                    .extracting(Network::getName)
                    .filteredOn(churned)
                    .containsExactlyInAnyOrderElementsOf(kept.keySet());
            kept.forEach((name, sandbox) -> {
                assertThat(connection
                                .sandboxes(Duration.ZERO)
                                .getSandbox(GetSandboxRequest.newBuilder()
                                        .setSandbox(name)
                                        .build())
                                .getId())
                        .isEqualTo(sandbox.getId());
                assertThat(connection
                                .ipam()
                                .listAddresses(ListAddressesRequest.newBuilder()
                                        .setNetwork(name)
                                        .build())
                                .getAddressesList())
                        .as("the gateway's address and the sandbox's, on network %s", name)
                        .hasSize(2);
            });
        }
    }
}
