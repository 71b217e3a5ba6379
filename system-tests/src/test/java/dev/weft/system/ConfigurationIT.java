package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.LabHost;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Networks that are nothing but a configuration, and networks made from them. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfigurationIT {

    private final Cluster cluster = new Cluster(Cluster.spec("cf").withHosts(2));
    private final LabHost host = cluster.host(1);
    private final LabHost other = cluster.host(2);

    @AfterAll
    void down() {
        cluster.close();
    }

    @Test
    void aConfigurationIsNoNetworkUntilOneIsMadeFromIt() {
        String links = links(host);
        cluster.weft(
                host,
                "network",
                "create",
                "--config-only",
                "--subnet",
                "10.71.0.0/24",
                "--gateway",
                "10.71.0.9",
                "-o",
                "com.docker.network.driver.mtu=1400",
                "--label",
                "tier=web",
                "cfg");
        assertThat(cluster.weft(host, "network", "ls", "--filter", "name=cfg", "--format", "{{.Driver}} {{.Scope}}"))
                .isEqualTo("null local");
        assertThat(inspect("cfg", "{{.ConfigOnly}} {{(index .IPAM.Config 0).Subnet}} {{.Labels.tier}}"))
                .isEqualTo("true 10.71.0.0/24 web");
        assertThat(cluster.refused(host, "run", "-d", "--network", "cfg"))
                .contains("cannot create endpoint on configuration-only network");
        assertThat(links(host)).as("nothing was built").isEqualTo(links);
        assertThat(host.exec("ping", "-c", "1", "-W", "1", "10.71.0.9").succeeded())
                .isFalse();

        cluster.weft(host, "network", "create", "--config-from", "cfg", "made");
        assertThat(inspect("made", "{{.ConfigOnly}} {{.ConfigFrom.Network}} {{.Driver}} {{.Labels.tier}}"))
                .isEqualTo("false cfg bridge web");
        Cluster.Workload box = cluster.sandbox(host, "box", "--network", "made");
        assertThat(box.ipv4()).startsWith("10.71.0.");
        Cluster.awaitReach(box, "10.71.0.9");
        assertThat(box.exec("ip", "-o", "link", "show", "eth0").stdout()).contains("mtu 1400");

        assertThat(cluster.refused(host, "network", "rm", "cfg"))
                .contains("configuration network \"cfg\" is in use by network made");
        cluster.weft(host, "sandbox", "rm", "box");
        assertThat(cluster.weft(host, "network", "prune", "-f"))
                .contains("made")
                .doesNotContain("cfg");
        assertThat(inspect("cfg", "{{.Name}}")).isEqualTo("cfg");
        cluster.weft(host, "network", "rm", "cfg");
        assertThat(cluster.refused(host, "network", "create", "--config-from", "cfg", "made"))
                .contains("configuration network \"cfg\" does not exist");
    }

    @Test
    void anOverlayOfTheWholeClusterIsMadeFromOneHostsConfiguration() {
        cluster.weft(host, "network", "create", "--config-only", "--subnet", "10.72.0.0/24", "wide-cfg");
        cluster.weft(host, "network", "create", "-d", "overlay", "--config-from", "wide-cfg", "wide");
        Cluster.Workload here = cluster.sandbox(host, "here", "--network", "wide");
        Cluster.Workload there = cluster.sandbox(other, "there", "--network", "wide");
        assertThat(there.ipv4()).startsWith("10.72.0.");
        Cluster.awaitReach(here, there.ipv4());
        cluster.weft(host, "sandbox", "rm", "here");
        cluster.weft(other, "sandbox", "rm", "there");
        cluster.weft(host, "network", "rm", "wide", "wide-cfg");
    }

    private String inspect(String network, String template) {
        return cluster.weft(host, "network", "inspect", "-f", template, network);
    }

    private static String links(LabHost host) {
        return host.exec("ip", "-br", "link").orThrow();
    }
}
