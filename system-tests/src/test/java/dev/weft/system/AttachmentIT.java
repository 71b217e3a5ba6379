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

    private static String setting(Cluster.Workload box) {
        return box.exec("sysctl", "-n", "net.ipv4.conf.lan0.rp_filter").stdout().strip();
    }
}
