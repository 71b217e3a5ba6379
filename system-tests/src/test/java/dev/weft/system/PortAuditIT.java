package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.LabHost;
import dev.weft.lab.Shell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What {@code weft port audit} tells of a cluster, from any of its hosts. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortAuditIT {

    private final Cluster cluster = new Cluster(Cluster.spec("pa").withHosts(2));
    private final LabHost host = cluster.host(1);
    private final LabHost other = cluster.host(2);

    @BeforeAll
    void publish() {
        cluster.weft(host, "network", "create", "--subnet", "10.71.0.0/24", "web");
        cluster.sandbox(host, "web", "--network", "web", "-p", "8080:80", "-p", "127.0.0.1:9000-9009:90-99");
        cluster.sandbox(other, "dns", "-p", "5353:53/udp");
    }

    @AfterAll
    void down() {
        cluster.close();
    }

    private static String[] rows(String... more) {
        String[] command = {
            "port", "audit", "--format", "{{.Node}} {{.Sandbox}} {{.Host}} {{.Backend}} {{.From}} {{.Exposure}}"
        };
        String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return all;
    }

    @Test
    void everyPortOfTheClusterIsTold() {
        // Asked on one host, told of all.
        assertThat(cluster.weft(other, rows()).lines())
                .contains(
                        "h1 web 0.0.0.0:8080 10.71.0.2:80/tcp any as bound",
                        "h1 web 127.0.0.1:9000-9009 10.71.0.2:90-99/tcp loopback as bound")
                .anyMatch(line -> line.startsWith("h2 dns 0.0.0.0:5353 ") && line.endsWith(":53/udp any as bound"))
                // The sandbox has no IPv6 address: claimed, and not bound.
                .contains("h1 web [::]:8080 - - inactive");
        assertThat(cluster.weft(host, rows("--node", "h2")).lines()).allMatch(line -> line.startsWith("h2 dns "));
        assertThat(cluster.weft(host, rows("web")).lines()).allMatch(line -> line.startsWith("h1 web "));
        assertThat(cluster.weft(host, rows("--network", "web")).lines()).allMatch(line -> line.startsWith("h1 web "));
        assertThat(cluster.weft(host, "port", "audit", "web"))
                .contains("VERDICT", "as bound; nobody listens there", "inactive: leads nowhere");
        assertThat(cluster.weft(host, "port", "audit", "web", "-o", "json"))
                .contains(
                        "\"Ways\"", "\"Outcome\": \"no-listener\"", "\"From\": \"lan\"", "\"Exposure\": \"as bound\"");
        assertThat(cluster.refused(host, "port", "audit", "nobody")).contains("sandbox nobody not found");
        assertThat(cluster.refused(host, "port", "audit", "--network", "nothing"))
                .contains("nothing");
        assertThat(host.exec("ip", "-o", "link").orThrow()).doesNotContain("wf-audit");
    }

    @Test
    void aPortThatIsExposedOtherwiseMakesTheCommandFail() {
        host.exec(
                        "nft",
                        "add table ip foreign; add chain ip foreign f { type filter hook forward priority 10; };"
                                + " add rule ip foreign f tcp dport 80 drop")
                .orThrow();
        try {
            Shell.Result result = host.weft(rows("web"));
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.stdout()).contains("h1 web 0.0.0.0:8080 10.71.0.2:80/tcp loopback, host less than bound");
            assertThat(result.stderr()).contains("1 port is exposed otherwise than bound");
        } finally {
            host.exec("nft", "delete table ip foreign").orThrow();
        }
        cluster.weft(host, rows("web"));
    }

    @Test
    void aNodeThatIsAwayIsNamedAndTheOthersAreToldAllTheSame() throws Exception {
        cluster.lab().daemon(other).kill();
        try {
            Shell.Result result = host.weft(rows());
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.stderr()).contains("node h2");
            assertThat(result.stdout()).contains("h1 web 0.0.0.0:8080 10.71.0.2:80/tcp any as bound");
        } finally {
            cluster.lab().daemon(other).restart();
        }
        dev.weft.lab.Await.until(
                "the node to be audited again",
                java.time.Duration.ofSeconds(20),
                () -> other.weft(rows()).succeeded());
    }
}
