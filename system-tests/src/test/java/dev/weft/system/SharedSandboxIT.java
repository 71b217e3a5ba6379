package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two sandboxes in one namespace, as {@code --network container:X} has them. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedSandboxIT {

    private static final Duration SOON = Duration.ofSeconds(15);

    private final Cluster cluster = new Cluster(Cluster.spec("sh").withHosts(2));
    private final LabHost one = cluster.host(1);
    private final LabHost two = cluster.host(2);

    @AfterAll
    void down() {
        cluster.close();
    }

    /** By the product's own command: a shared sandbox has no namespace that could be entered past it. */
    private String in(String sandbox, String... command) {
        String[] words = new String[command.length + 2];
        words[0] = "exec";
        words[1] = sandbox;
        System.arraycopy(command, 0, words, 2, command.length);
        return cluster.weft(one, words);
    }

    @Test
    void theNamespaceIsOneAndTheFilesAreTheOwners() {
        cluster.weft(one, "network", "create", "--subnet", "10.91.0.0/24", "sh1");
        cluster.weft(one, "network", "create", "--subnet", "10.92.0.0/24", "sh2");
        cluster.sandbox(one, "web", "--network", "sh1", "--hostname", "www");
        // Through the other host: the owner's node is what counts.
        cluster.weft(two, "run", "-d", "--name", "side", "--network", "container:web");
        cluster.weft(one, "run", "-d", "--name", "other", "--network", "sh1");

        String namespace = in("web", "readlink", "/proc/self/ns/net");
        assertThat(in("side", "readlink", "/proc/self/ns/net")).isEqualTo(namespace);
        assertThat(in("other", "readlink", "/proc/self/ns/net")).isNotEqualTo(namespace);
        for (String file : new String[] {"/etc/resolv.conf", "/etc/hosts", "/etc/hostname"}) {
            assertThat(in("side", "stat", "-c", "%d %i", file)).isEqualTo(in("web", "stat", "-c", "%d %i", file));
        }
        assertThat(in("side", "hostname")).isEqualTo("www");

        cluster.weft(one, "network", "connect", "sh2", "web");
        assertThat(in("side", "ip", "-o", "-4", "addr", "show", "eth1")).contains("10.92.0.");
        assertThat(in("side", "cat", "/etc/hosts")).contains("10.92.0.");

        assertThat(cluster.weft(one, "sandbox", "inspect", "-f", "{{.Mode}} {{.HostConfig.NetworkMode}}", "side"))
                .isEqualTo("shared container:" + cluster.weft(one, "sandbox", "inspect", "-f", "{{.Id}}", "web"));
        assertThat(cluster.weft(one, "sandbox", "ls", "--filter", "name=side")).contains("container:");
        assertThat(cluster.weft(one, "sandbox", "inspect", "-f", "{{.Node}}", "side"))
                .isEqualTo(one.name());

        refusals();

        cluster.lab().daemon(one).kill();
        cluster.lab().daemon(one).restart();
        Await.until(
                "the sandboxes to be ready again",
                SOON,
                () -> cluster.weft(two, "sandbox", "ls", "--format", "{{.Status}}")
                        .lines()
                        .allMatch("ready"::equals));
        assertThat(in("side", "readlink", "/proc/self/ns/net")).isEqualTo(namespace);

        String running = in("side", "sh", "-c", "sleep 600 >/dev/null 2>&1 & echo $!");
        cluster.weft(one, "sandbox", "rm", "side");
        assertThat(in("web", "ip", "-o", "link", "show", "eth0"))
                .as("the owner's namespace stays")
                .contains("UP");
        cluster.weft(one, "sandbox", "rm", "web");
        Await.until(
                "what ran in the namespace to end with it",
                SOON,
                () -> !one.exec("kill", "-0", running).succeeded());
        cluster.weft(one, "sandbox", "rm", "other");
        cluster.weft(one, "network", "rm", "sh1", "sh2");
    }

    private void refusals() {
        assertThat(cluster.refused(one, "sandbox", "rm", "web")).contains("its namespace is shared by side");
        assertThat(cluster.refused(one, "network", "connect", "sh2", "side"))
                .contains("sharing network namespace with another container");
        assertThat(cluster.refused(one, "port", "add", "side", "8080:80")).contains("publish the ports of that one");
        assertThat(cluster.refused(one, "run", "-d", "--network", "container:web", "-p", "8080:80"))
                .contains("port publishing and the container type network mode");
        assertThat(cluster.refused(
                        one, "run", "-d", "--network", "container:web", "--mac-address", "02:00:00:00:00:07"))
                .contains("mac-address and the network mode");
        assertThat(cluster.refused(one, "run", "-d", "--network", "container:web", "--node", two.name()))
                .contains("sandbox web is on node " + one.name());
        assertThat(cluster.refused(one, "run", "-d", "--network", "container:nosuch"))
                .contains("sandbox nosuch not found");
    }
}
