package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Limits of endpoints, from the command to the kernel and back. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BandwidthIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String SHOWN =
            "{{range .NetworkSettings.Networks}}{{.Bandwidth.Ingress}} {{.Bandwidth.Egress}}{{end}}";

    private final Cluster cluster = new Cluster(Cluster.spec("bw").withHosts(2));
    private final LabHost host = cluster.host(1);

    @AfterAll
    void down() {
        cluster.close();
    }

    /** What the host's end of the only pair lets into the sandbox. */
    private String ingress() {
        return host.exec("sh", "-c", "tc qdisc show | grep 'tbf 7766:' | grep ' dev v'")
                .stdout();
    }

    /** What the link lets through that is there for what the sandbox sends, out of its reach. */
    private String egress() {
        return host.exec("sh", "-c", "tc qdisc show | grep 'tbf 7766:' | grep ' dev ifb'")
                .stdout();
    }

    @Test
    void limitsOfARunningSandboxOnBridgeAndOverlay() throws Exception {
        for (String driver : new String[] {"bridge", "overlay"}) {
            String network = "on-" + driver;
            cluster.weft(host, "network", "create", "-d", driver, network);
            Cluster.Workload box =
                    cluster.sandbox(host, "box", "--network", "name=" + network + ",ingress=100mbit,egress=20mbit");
            assertThat(ingress()).contains("rate 100Mbit");
            assertThat(egress()).contains("tbf 7766:", "rate 20Mbit");
            assertThat(cluster.weft(host, "sandbox", "inspect", "-f", SHOWN, "box"))
                    .isEqualTo("100mbit 20mbit");

            // From anywhere; what is not named stays.
            cluster.weft(cluster.host(2), "network", "limit", network, "box", "--egress", "8mbit");
            assertThat(ingress()).contains("rate 100Mbit");
            assertThat(egress()).contains("rate 8Mbit");
            cluster.lab().daemon(host).kill();
            cluster.lab().daemon(host).restart();
            // It begins with what it had written down last.
            Await.until("the newest limit", SOON, () -> egress().contains("rate 8Mbit"));
            host.exec("sh", "-c", "ip link del $(ip -o link | grep -o 'ifb[0-9a-f]*' | head -1)")
                    .orThrow();
            Await.until("the limit to come back", SOON, () -> egress().contains("rate 8Mbit"));
            Await.until(
                    "packets to pass",
                    SOON,
                    () -> box.reaches(cluster.weft(
                            host, "network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", network)));

            cluster.weft(host, "network", "limit", network, "box", "--ingress", "none", "--egress", "none");
            assertThat(ingress()).isEmpty();
            assertThat(egress()).doesNotContain("tbf");
            assertThat(cluster.weft(host, "sandbox", "inspect", "-f", SHOWN, "box"))
                    .isEqualTo("none none");
            cluster.weft(host, "sandbox", "rm", "box");

            cluster.sandbox(host, "late", "--network", "none");
            cluster.weft(host, "network", "disconnect", "none", "late");
            cluster.weft(host, "network", "connect", "--ingress", "1.5mbit", network, "late");
            assertThat(ingress()).contains("rate 1500Kbit");
            cluster.weft(host, "sandbox", "rm", "late");
            assertThat(ingress()).isEmpty();
            cluster.weft(host, "network", "rm", network);
        }
    }

    @Test
    void whatCannotBeLimitedIsRefused() {
        assertThat(cluster.refused(host, "run", "-d", "--network", "name=host,ingress=1mbit"))
                .contains("no meaning on a network of driver host");
        assertThat(cluster.refused(host, "run", "-d", "--network", "name=bridge,egress=1bit"))
                .contains("8kbit to 100gbit");
        assertThat(cluster.refused(host, "run", "-d", "--network", "name=bridge,egress=fast"))
                .contains("give a number and bit, kbit, mbit or gbit");
        cluster.sandbox(host, "box");
        assertThat(cluster.refused(host, "network", "limit", "bridge", "box")).contains("--ingress or --egress");
        assertThat(cluster.refused(host, "network", "limit", "bridge", "box", "--ingress", "0"))
                .contains("nothing could pass");
        assertThat(cluster.refused(host, "network", "limit", "none", "box", "--ingress", "1mbit"))
                .contains("not connected to network none");
        cluster.weft(host, "sandbox", "rm", "box");
    }
}
