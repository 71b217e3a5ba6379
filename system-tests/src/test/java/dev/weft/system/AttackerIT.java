package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A workload, or a machine next to the hosts, wants what it was not given. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttackerIT {

    private final Cluster cluster = new Cluster(Cluster.spec("wall").withHosts(2));
    private final LabHost host = cluster.host(1);
    private final LabHost stranger = cluster.lab().outside();
    private Cluster.Workload attacker;
    private Cluster.Workload honest;
    private Cluster.Workload far;

    @BeforeAll
    void workloads() {
        cluster.weft(host, "network", "create", "-d", "overlay", "--ipv6=true", "web");
        attacker = cluster.sandbox(host, "attacker", "--network", "web");
        honest = cluster.sandbox(host, "honest", "--network", "web");
        far = cluster.sandbox(cluster.host(2), "far", "--network", "web");
        Cluster.awaitReach(attacker, far.ipv4());
        Cluster.awaitReach(attacker, far.ipv6());
    }

    @AfterAll
    void down() {
        cluster.close();
    }

    @Test
    void anotherEndpointsAddressDoesNotCrossTheTunnel() throws IOException {
        assertThat(firstHeard(honest.ipv4(), attacker.ipv4(), far.ipv4())).isEqualTo(attacker.ipv4());
        assertThat(firstHeard(honest.ipv6(), attacker.ipv6(), far.ipv6())).isEqualTo(attacker.ipv6());
    }

    /** The attacker sends from a false address, then from its own one: whom the other side hears of first. */
    private String firstHeard(String lie, String truth, String target) throws IOException {
        Process listener = new ProcessBuilder(
                        "nsenter", "--net=" + far.host().sandboxNamespace(far.id()), "python3", "-c", """
                        import socket
                        s = socket.socket(socket.AF_INET6 if ':' in '%1$s' else socket.AF_INET, socket.SOCK_DGRAM)
                        s.bind(('%1$s', 5000))
                        s.settimeout(10)
                        print('ready', flush=True)
                        print(s.recvfrom(100)[1][0], flush=True)
                        """.formatted(
                                        target))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = listener.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            attacker.exec("python3", "-c", """
                            import socket
                            for source in ('%s', '%s'):
                                six = ':' in source
                                s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
                                # Sends as what is not its own: IPV6_TRANSPARENT, IP_TRANSPARENT.
                                s.setsockopt(41 if six else 0, 75 if six else 19, 1)
                                s.bind((source, 0))
                                s.sendto(b'it is me', ('%s', 5000))
                            """.formatted(lie, truth, target)).orThrow();
            return output.readLine();
        } finally {
            listener.destroyForcibly();
        }
    }

    @Test
    void aMachineNextDoorThatKnowsTheWayDoesNotGetIn() {
        cluster.weft(host, "network", "create", "lan");
        Cluster.Workload inside = cluster.sandbox(host, "inside", "--network", "lan");
        Cluster.awaitReach(inside, stranger.address());
        stranger.exec("ip", "route", "add", inside.ipv4() + "/32", "via", host.address())
                .orThrow();
        stranger.exec(
                        "ip",
                        "route",
                        "add",
                        far.ipv4() + "/32",
                        "via",
                        cluster.host(2).address())
                .orThrow();
        assertThat(reaches(stranger, inside.ipv4())).isFalse();
        assertThat(reaches(stranger, far.ipv4())).isFalse();
        // Nor does a workload of another network.
        assertThat(attacker.reaches(inside.ipv4())).isFalse();
        assertThat(inside.reaches(far.ipv4())).isFalse();
    }

    @Test
    void gatewayModesAreAskedForByOptions() {
        String mode = "com.docker.network.bridge.gateway_mode_ipv4=";
        cluster.weft(host, "network", "create", "-o", mode + "nat-unprotected", "open");
        Cluster.Workload open = cluster.sandbox(host, "open1", "--network", "open");
        stranger.exec("ip", "route", "add", open.ipv4() + "/32", "via", host.address())
                .orThrow();
        Await.until("the open network to be reached", Cluster.PATIENCE, () -> reaches(stranger, open.ipv4()));
        assertThat(cluster.refused(host, "network", "create", "-o", mode + "isolated", "shut"))
                .contains("gateway mode 'isolated' can only be used for an internal network");
        cluster.weft(host, "network", "create", "--internal", "-o", mode + "isolated", "shut");
        Cluster.Workload one = cluster.sandbox(host, "shut1", "--network", "shut");
        Cluster.Workload two = cluster.sandbox(host, "shut2", "--network", "shut");
        Cluster.awaitReach(one, two.ipv4());
        assertThat(reaches(host, one.ipv4())).isFalse();
    }

    @Test
    void rulesOfOthersThatLosePacketsAreTold() {
        LabHost other = cluster.host(2);
        other.exec(
                        "nft",
                        "add table inet strict; add chain inet strict f { type filter hook forward priority 0; policy drop; }")
                .orThrow();
        Await.until(
                "the warning",
                Duration.ofSeconds(20),
                () -> cluster.weft(other, "node", "inspect", other.name())
                        .contains("warning: table inet strict, chain f, drops"));
        other.exec("nft", "delete table inet strict").orThrow();
        Await.until(
                "the end of the warning",
                Duration.ofSeconds(20),
                () -> !cluster.weft(other, "node", "inspect", other.name()).contains("warning: table inet strict"));
    }

    private static boolean reaches(LabHost from, String address) {
        return from.exec("ping", "-c", "1", "-W", "1", address).succeeded();
    }
}
