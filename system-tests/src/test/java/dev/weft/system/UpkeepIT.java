package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.lab.Shell;
import dev.weft.store.v1.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Addresses that leak, nodes that are drained and removed, with real daemons. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpkeepIT {

    /** Of the housekeeping's looks, which come every 30 s. */
    private static final Duration LOOKS = Duration.ofMinutes(3);

    private final Cluster cluster = new Cluster(Cluster.spec("up").withHosts(2).withStore(StoreKind.ETCD));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private Cluster.Workload a;
    private Cluster.Workload b;

    @BeforeAll
    void workloads() {
        cluster.weft(first(), "network", "create", "-d", "overlay", "--subnet", "10.81.0.0/24", "web");
        a = cluster.sandbox(first(), "a", "--network", "web");
        b = cluster.sandbox(second(), "b", "--network", "web");
        Cluster.awaitReach(a, b.ipv4());
    }

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

    private Shell.Result etcd(Path input, String... arguments) {
        return cluster.lab()
                .controlPlaneHost()
                .exec(
                        "sh",
                        "-c",
                        "ETCDCTL_API=3 exec etcdctl --endpoints 127.0.0.1:2379 " + String.join(" ", arguments) + " < "
                                + input);
    }

    @Test
    void aLeaseThatNobodyNeedsIsProvenByTheReportOfItsNodeAndThoseInUseAreNot() throws IOException {
        cluster.weft(first(), "network", "create", "-d", "overlay", "--subnet", "10.82.0.0/24", "other");
        Cluster.Workload one = cluster.sandbox(first(), "one", "--network", "other");
        Cluster.Workload two = cluster.sandbox(second(), "two", "--network", "other");
        String inUse = "10.82.0.1 gateway \n10.82.0.2 leased one\n10.82.0.3 leased two";
        String show = "{{.Address}} {{.Kind}} {{.Sandbox}}";
        assertThat(cluster.weft(first(), "ipam", "show", "other", "--format", show))
                .isEqualTo(inUse);
        String network = cluster.weft(first(), "network", "inspect", "--format", "{{.Id}}", "other");
        Path value = Files.write(
                directory.resolve("lease"),
                Lease.newBuilder()
                        .setHolder("e".repeat(64))
                        .setNode("h1")
                        .setCreateTime(Timestamp.newBuilder().setSeconds(1))
                        .build()
                        .toByteArray());
        etcd(value, "put", "/weft/leases/" + network + "/10.82.0.77").orThrow();

        String format = "{{.Address}} {{.Node}} {{.Reason}}: {{.Evidence}}";
        Await.until(
                "the leak to be proven",
                LOOKS,
                () -> cluster.weft(first(), "ipam", "leaks", "--format", format)
                        .equals("10.82.0.77 h1 no endpoint: node h1 is in sync and reports no such endpoint"));
        assertThat(cluster.weft(first(), "ipam", "ls", "--format", "{{.Network}} {{.Leased}} {{.Usable}} {{.Used}}"))
                .contains("other 3 253 1.2%");
        Await.until(
                "its release",
                LOOKS,
                () -> cluster.weft(first(), "ipam", "leaks", "-q").isEmpty());
        assertThat(cluster.weft(first(), "ipam", "show", "other", "--format", show))
                .isEqualTo(inUse + "\n10.82.0.77 resting");
        assertThat(cluster.lab().controlPlane().log())
                .contains(
                        "Leaked address 10.82.0.77 of network other",
                        "node h1 is in sync and reports no such endpoint");
        assertThat(one.reaches(two.ipv4())).isTrue();
        cluster.weft(first(), "sandbox", "rm", "one", "two");
    }

    @Test
    void aNodeThatIsRemovedWhileItIsAwayTakesBackWhatItHadWhenItComesBack() {
        assertThat(cluster.refused(first(), "node", "rm", "h2"))
                .contains("node h2 cannot be removed: it is connected; stop weft-node there first, or use --force");
        cluster.weft(first(), "node", "drain", "h2");
        assertThat(cluster.refused(second(), "run", "-d", "--network", "web"))
                .contains("node h2 is drained since", "weft node drain --undo h2");
        assertThat(cluster.weft(first(), "node", "ls", "--format", "{{.Name}} {{.Status}}"))
                .isEqualTo("h1 in sync\nh2 in sync, drained");
        cluster.weft(first(), "node", "drain", "--undo", "h2");
        cluster.weft(cluster.sandbox(second(), "c", "--network", "web").host(), "sandbox", "rm", "c");

        cluster.lab().daemon(second()).kill();
        Await.until(
                "h2 to be away",
                Cluster.PATIENCE,
                () -> cluster.weft(first(), "node", "ls", "--format", "{{.Name}} {{.Status}}")
                        .contains("h2 away"));
        assertThat(cluster.refused(first(), "node", "rm", "h2"))
                .contains("it has sandbox b; remove these first, or use --force");
        assertThat(a.reaches(b.ipv4())).as("it is away, and works").isTrue();

        String address = b.ipv4();
        cluster.weft(first(), "node", "rm", "--force", "h2");
        assertThat(cluster.weft(first(), "node", "ls", "-q")).isEqualTo("h1");
        assertThat(cluster.weft(first(), "ipam", "show", "web", "--format", "{{.Address}} {{.Kind}}"))
                .contains(address + " resting");
        Await.until("a to reach it no more", Cluster.PATIENCE, () -> !a.reaches(address));

        assertThat(second().sandboxNamespace(b.id())).exists();
        cluster.lab().daemon(second()).launchAgain();
        Await.until(
                "h2 to be told that it was removed",
                Cluster.PATIENCE,
                () -> cluster.lab().daemon(second()).log().contains("node/h2 was removed from the cluster at"));
        Await.until(
                "h2 to take back what it had",
                Cluster.PATIENCE,
                () -> !Files.exists(second().sandboxNamespace(b.id())));
        assertThat(cluster.weft(first(), "node", "ls", "-q")).isEqualTo("h1");
        assertThat(cluster.refused(second(), "network", "ls"))
                .contains("node/h2 was removed from the cluster at", "weft node token create");

        var unused = cluster.lab().joinAnew(second());
        Await.until(
                "h2 to be registered anew and in sync",
                Cluster.PATIENCE,
                () -> cluster.weft(first(), "node", "ls", "--format", "{{.Name}} {{.Epoch}} {{.Status}}")
                        .contains("h2 1 in sync"));
        assertThat(second().exec("ip", "-o", "link", "show", "type", "vxlan").orThrow())
                .isBlank();
        assertThat(second().exec("ip", "-o", "link", "show", "group", "2003134068", "type", "veth")
                        .orThrow())
                .isBlank();
        b = cluster.sandbox(second(), "b", "--network", "web");
        Cluster.awaitReach(a, b.ipv4());
        cluster.weft(second(), "exec", "b", "true");
    }
}
