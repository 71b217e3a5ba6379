package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Namespaces of somebody else's become sandboxes, on an overlay, and are theirs alone again afterwards. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignSandboxIT {

    private static final Duration SOON = Duration.ofSeconds(15);

    /** More than twice the time between two looks at everything. */
    private static final Duration NEXT_LOOK = Duration.ofSeconds(75);

    private final Cluster cluster = new Cluster(Cluster.spec("fo").withHosts(2));
    private final LabHost one = cluster.host(1);
    private final LabHost two = cluster.host(2);
    private final String name = "weft-it-" + ProcessHandle.current().pid();
    private final String path = "/run/netns/" + name;

    @BeforeAll
    void network() {
        cluster.weft(one, "network", "create", "-d", "overlay", "--attachable", "--subnet", "10.93.0.0/24", "wide");
        cluster.weft(one, "network", "create", "--subnet", "10.94.0.0/24", "apart");
        cluster.sandbox(two, "far", "--network", "wide");
    }

    @AfterAll
    void down() {
        var unusedGone = one.exec("ip", "netns", "del", name);
        cluster.close();
    }

    private String inside(String... command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + path, "--"));
        words.addAll(List.of(command));
        return one.exec(words.toArray(String[]::new)).orThrow();
    }

    private boolean reaches(String sandbox, String target) {
        return one.weft("exec", sandbox, "ping", "-c", "1", "-W", "2", target).succeeded();
    }

    /** In a namespace of its own, which has no other name. */
    private String process() {
        String pid = one.exec("sh", "-c", "unshare --net sleep 600 >/dev/null 2>&1 & echo $!")
                .orThrow()
                .strip();
        Await.until(
                "the process to have its own namespace",
                SOON,
                () -> !one.exec("readlink", "/proc/" + pid + "/ns/net")
                        .stdout()
                        .equals(one.exec("readlink", "/proc/self/ns/net").stdout()));
        return pid;
    }

    private void restartDaemon() {
        cluster.lab().daemon(one).kill();
        cluster.lab().daemon(one).restart();
        Await.until(
                "the sandboxes of the node to be ready",
                SOON,
                () -> cluster.weft(two, "sandbox", "ls", "--node", one.name(), "--format", "{{.Status}}")
                        .lines()
                        .allMatch("ready"::equals));
    }

    @Test
    void byPath() {
        one.exec("ip", "netns", "add", name).orThrow();
        inside("ip", "link", "set", "lo", "up");
        String before = inside("ip", "-o", "addr") + inside("ip", "route");
        cluster.weft(one, "sandbox", "attach", "--netns", path, "--name", "theirs", "--network", "wide");
        assertThat(cluster.weft(one, "sandbox", "inspect", "-f", "{{.Mode}} {{.NetworkSettings.SandboxKey}}", "theirs"))
                .isEqualTo("external " + path);
        assertThat(reaches("theirs", "far")).as("by name, over the tunnel").isTrue();
        assertThat(two.weft("exec", "far", "ping", "-c", "1", "-W", "2", "theirs")
                        .succeeded())
                .isTrue();
        Cluster.Workload stranger = cluster.sandbox(one, "stranger", "--network", "apart");
        String address = cluster.weft(
                one, "sandbox", "inspect", "-f", "{{(index .NetworkSettings.Networks \"wide\").IPAddress}}", "theirs");
        assertThat(stranger.reaches(address)).as("from another network").isFalse();

        assertThat(cluster.refused(one, "sandbox", "attach", "--netns", path, "--network", "wide"))
                .contains("is sandbox theirs's already");
        String other = path + "-again";
        one.exec("touch", other).orThrow();
        one.exec("mount", "--bind", path, other).orThrow();
        assertThat(cluster.refused(one, "sandbox", "attach", "--netns", other, "--network", "wide"))
                .contains("already: connect that one to more networks")
                .contains("taken back");
        one.exec("umount", other).orThrow();
        one.exec("rm", other).orThrow();

        restartDaemon();
        assertThat(reaches("theirs", "far")).isTrue();

        cluster.weft(one, "sandbox", "rm", "theirs", "stranger");
        assertThat(inside("ip", "-o", "addr") + inside("ip", "route")).isEqualTo(before);

        cluster.weft(one, "sandbox", "attach", "--netns", path, "--name", "theirs", "--network", "wide");
        one.exec("ip", "netns", "del", name).orThrow();
        Await.until(
                "the loss to be told",
                NEXT_LOOK,
                () -> cluster.weft(one, "sandbox", "inspect", "-f", "{{.State.Error}}", "theirs")
                        .contains(path));
        assertThat(cluster.weft(one, "sandbox", "ls", "--filter", "name=theirs"))
                .contains("failed");
        cluster.weft(one, "sandbox", "rm", "theirs");
    }

    @Test
    void byProcess() {
        String pid = process();
        assertThat(cluster.refused(one, "sandbox", "attach", "--pid", pid, "--network", "wide"))
                .as("its loopback is not ours to bring up")
                .contains("ip link set lo up");
        one.exec("nsenter", "--net=/proc/" + pid + "/ns/net", "--", "ip", "link", "set", "lo", "up")
                .orThrow();
        cluster.weft(one, "sandbox", "attach", "--pid", pid, "--name", "found", "--network", "wide");
        assertThat(cluster.weft(one, "exec", "found", "readlink", "/proc/self/ns/net"))
                .isEqualTo(one.exec("readlink", "/proc/" + pid + "/ns/net")
                        .stdout()
                        .strip());
        one.exec("kill", "-9", pid).orThrow();
        assertThat(reaches("found", "10.93.0.1")).as("the namespace is held").isTrue();
        restartDaemon();
        assertThat(two.weft("exec", "far", "ping", "-c", "1", "-W", "2", "found")
                        .succeeded())
                .isTrue();
        String pin =
                one.runDirectory() + "/pinned/" + cluster.weft(one, "sandbox", "inspect", "-f", "{{.Id}}", "found");
        assertThat(one.exec("test", "-e", pin).succeeded()).isTrue();
        cluster.weft(one, "sandbox", "rm", "found");
        assertThat(one.exec("test", "-e", pin).succeeded())
                .as("nothing holds it any more")
                .isFalse();
    }

    @Test
    void refusals() {
        assertThat(cluster.refused(one, "sandbox", "attach", "--netns", "/run/netns/no-such", "--network", "wide"))
                .contains("/run/netns/no-such")
                .contains("taken back");
        assertThat(cluster.refused(one, "sandbox", "attach", "--netns", "/etc/hostname", "--network", "wide"))
                .contains("it is another kind of file");
        assertThat(cluster.refused(one, "sandbox", "attach", "--netns", "/proc/1/ns/net", "--network", "wide"))
                .contains("netns_path")
                .contains("give the process itself");
        assertThat(cluster.refused(
                        one, "sandbox", "attach", "--netns", "/run/netns/" + one.namespace(), "--network", "wide"))
                .contains("the host's own: use the network host");
        assertThat(cluster.refused(one, "sandbox", "attach", "--pid", "4194303", "--network", "wide"))
                .contains("there is no process 4194303");
        assertThat(cluster.refused(one, "sandbox", "attach", "--netns", "/run/x", "--network", "host"))
                .contains("has the host's namespace");
    }
}
