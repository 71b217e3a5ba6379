package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What an endpoint's interface is called and set to, and which of several provides the default route. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttachmentIT {

    private final Cluster cluster = new Cluster(Cluster.spec("at").withHosts(1));
    private final LabHost host = cluster.host(1);

    @AfterAll
    void down() {
        cluster.close();
    }

    @Test
    void theHighestPriorityProvidesTheDefaultRouteWhileRunning() {
        cluster.weft(host, "network", "create", "--subnet", "10.81.0.0/24", "low");
        cluster.weft(host, "network", "create", "--subnet", "10.82.0.0/24", "high");
        Cluster.Workload box = cluster.sandbox(host, "box", "--network", "name=low,gw-priority=1");
        assertThat(box.exec("ip", "route", "show", "default").stdout()).contains("via 10.81.0.1 dev eth0");
        cluster.weft(host, "network", "connect", "--gw-priority", "5", "high", "box");
        Await.until(
                "the route to move",
                Cluster.PATIENCE,
                () -> box.exec("ip", "route", "show", "default").stdout().contains("via 10.82.0.1 dev eth1"));
        cluster.weft(host, "network", "disconnect", "high", "box");
        Await.until(
                "the route to be back",
                Cluster.PATIENCE,
                () -> box.exec("ip", "route", "show", "default").stdout().contains("via 10.81.0.1 dev eth0"));
        cluster.weft(host, "sandbox", "rm", "box");
        cluster.weft(host, "network", "rm", "low", "high");
    }

    @Test
    void interfaceNameSettingsAndMtu() {
        cluster.weft(
                host,
                "network",
                "create",
                "--subnet",
                "10.83.0.0/24",
                "-o",
                "com.docker.network.driver.mtu=1400",
                "set");
        Cluster.Workload box = cluster.sandbox(
                host,
                "named",
                "--network",
                "name=set,driver-opt=com.docker.network.endpoint.ifname=lan0,"
                        + "driver-opt=com.docker.network.endpoint.sysctls=net.ipv4.conf.IFNAME.rp_filter=2");
        assertThat(box.address("lan0", "-4")).startsWith("10.83.0.");
        assertThat(box.exec("ip", "-o", "link", "show", "lan0").stdout()).contains("mtu 1400");
        assertThat(setting(box)).isEqualTo("2");
        host.execInSandbox(box.id(), "sysctl", "-qw", "net.ipv4.conf.lan0.rp_filter=0");
        Await.until(
                "the setting to be repaired",
                Cluster.PATIENCE,
                () -> setting(box).equals("2"));
        assertThat(cluster.refused(
                        host,
                        "run",
                        "-d",
                        "--network",
                        "name=set,driver-opt=com.docker.network.endpoint.sysctls=net.ipv4.conf.eth0.log_martians=1"))
                .contains("unrecognised network interface sysctl");
        assertThat(cluster.refused(
                        host,
                        "run",
                        "-d",
                        "--network",
                        "name=set,driver-opt=com.docker.network.endpoint.sysctls=net.ipv4.conf.IFNAME.no_such=1"))
                .contains("no_such");
        assertThat(cluster.weft(host, "network", "inspect", "-f", "{{len .Containers}}", "set"))
                .isEqualTo("1");
        cluster.weft(host, "sandbox", "rm", "named");
        cluster.weft(host, "network", "rm", "set");
    }

    @Test
    void addressesAreKeptForASandboxThatComesAgain() {
        cluster.weft(
                host, "network", "create", "--ipv6", "--subnet", "10.84.0.0/24", "--subnet", "fd00:84::/64", "keep");
        Cluster.Workload first =
                cluster.sandbox(host, "kept", "--network", "keep", "--mac-address", "02:00:00:00:84:01", "--retain-ip");
        String ipv4 = first.ipv4();
        String ipv6 = first.ipv6();
        cluster.weft(host, "sandbox", "rm", "kept");
        assertThat(cluster.weft(
                        host,
                        "network",
                        "inspect",
                        "-f",
                        "{{range .RetainedAddresses}}{{.Address}} {{.Name}};{{end}}",
                        "keep"))
                .isEqualTo(ipv4 + " kept;" + ipv6 + " kept;");
        Cluster.Workload other = cluster.sandbox(host, "other", "--network", "keep");
        assertThat(other.ipv4()).isNotEqualTo(ipv4);
        assertThat(other.ipv6()).isNotEqualTo(ipv6);
        assertThat(cluster.refused(host, "run", "-d", "--network", "keep", "--ip", ipv4))
                .contains("is kept for a sandbox named kept");
        assertThat(other.reaches(ipv4)).as("nobody has it meanwhile").isFalse();

        Cluster.Workload again = cluster.sandbox(host, "kept", "--network", "keep");
        assertThat(again.ipv4()).isEqualTo(ipv4);
        assertThat(again.ipv6()).isEqualTo(ipv6);
        assertThat(again.exec("ip", "-o", "link", "show", "eth0").stdout()).contains("02:00:00:00:84:01");
        Cluster.awaitReach(other, ipv4);
        cluster.weft(host, "sandbox", "rm", "kept", "other");
        cluster.weft(host, "network", "rm", "keep");
    }

    @Test
    void linkLocalAddresses() {
        cluster.weft(
                host, "network", "create", "--ipv6", "--subnet", "10.85.0.0/24", "--subnet", "fd00:85::/64", "near");
        Cluster.Workload one = cluster.sandbox(
                host, "ll1", "--network", "near", "--link-local-ip", "169.254.85.1", "--link-local-ip", "fe80::85:1");
        Cluster.Workload two = cluster.sandbox(
                host, "ll2", "--network", "name=near,link-local-ip=169.254.85.2,link-local-ip=fe80::85:2");
        assertThat(one.reaches("169.254.85.2")).isTrue();
        assertThat(one.reaches("fe80::85:2%eth0")).isTrue();
        assertThat(two.exec("ip", "-o", "addr", "show", "eth0").stdout()).contains("169.254.85.2/16 scope link");
        assertThat(cluster.weft(
                        host,
                        "sandbox",
                        "inspect",
                        "-f",
                        "{{json .NetworkSettings.Networks.near.LinkLocalIPs}}",
                        "ll1"))
                .isEqualTo("[\"169.254.85.1\",\"fe80::85:1\"]");
        assertThat(cluster.refused(host, "run", "-d", "--network", "near", "--link-local-ip", "169.254.85.1"))
                .contains("endpoints[0].link_local_addresses[0]", "is held by sandbox ll1");
        assertThat(cluster.refused(host, "run", "-d", "--network", "near", "--link-local-ip", "10.85.0.9"))
                .contains("it should be in 169.254.0.0/16 or fe80::/10");
        cluster.weft(host, "sandbox", "rm", "ll1");
        Cluster.Workload three = cluster.sandbox(host, "ll3");
        cluster.weft(host, "network", "connect", "--link-local-ip", "169.254.85.1", "near", "ll3");
        assertThat(three.exec("ip", "-o", "addr", "show", "eth1").stdout()).contains("169.254.85.1/16 scope link");
        cluster.weft(host, "sandbox", "rm", "ll2", "ll3");
        cluster.weft(host, "network", "rm", "near");
    }

    private static String setting(Cluster.Workload box) {
        return box.exec("sysctl", "-n", "net.ipv4.conf.lan0.rp_filter").stdout().strip();
    }
}
