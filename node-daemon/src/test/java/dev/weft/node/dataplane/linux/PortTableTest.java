package dev.weft.node.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.IpAddress;
import dev.weft.node.dataplane.rtnetlink.model.Flow;
import dev.weft.node.kernel.FirewallSet;
import dev.weft.node.kernel.KernelObject.FirewallElement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PortTableTest {

    private static final Set<IpAddress> OWN = Set.of(ip("192.0.2.11"), ip("fd99::11"));

    private static final PortTable TABLE = PortTable.of(List.of(
            new FirewallElement(FirewallSet.HAIRPIN4, "\"br-lan\" . 10.1.0.0/24"),
            new FirewallElement(FirewallSet.HAIRPIN6, "\"br-lan\" . fd01::/64"),
            new FirewallElement(FirewallSet.BRIDGES, "\"br-lan\""),
            new FirewallElement(FirewallSet.ANYPORTS4, "tcp . 8080 : 10.1.0.2 . 80"),
            new FirewallElement(FirewallSet.ANYPORTS6, "tcp . 8080 : fd01::2 . 80"),
            new FirewallElement(FirewallSet.PORTS4, "192.0.2.11 . udp . 53 : 10.1.0.3 . 53")));

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private static Flow flow(int protocol, String to, int port, String answerer, int answererPort) {
        IpAddress destination = ip(to);
        byte[] none = {};
        return new Flow(protocol, destination, 40_000, destination, port, ip(answerer), answererPort, none, none, none);
    }

    private static boolean isGhost(int protocol, String to, int port, String answerer, int answererPort) {
        return TABLE.isGhost(flow(protocol, to, port, answerer, answererPort), OWN);
    }

    @Test
    void whatAPortLeadsStays() {
        assertThat(isGhost(6, "192.0.2.11", 8080, "10.1.0.2", 80)).isFalse();
        assertThat(isGhost(6, "fd99::11", 8080, "fd01::2", 80)).isFalse();
        assertThat(isGhost(17, "192.0.2.11", 53, "10.1.0.3", 53)).isFalse();
    }

    @Test
    void whatNoPortLeadsAnyMoreGoes() {
        assertThat(isGhost(6, "192.0.2.11", 8081, "10.1.0.2", 80))
                .as("no such port")
                .isTrue();
        assertThat(isGhost(6, "192.0.2.11", 8080, "10.1.0.9", 80))
                .as("another sandbox")
                .isTrue();
        assertThat(isGhost(6, "192.0.2.11", 8080, "10.1.0.2", 81))
                .as("another port of it")
                .isTrue();
        assertThat(isGhost(17, "192.0.2.11", 8080, "10.1.0.2", 80))
                .as("another protocol")
                .isTrue();
        assertThat(isGhost(6, "fd99::11", 8081, "fd01::2", 80)).as("IPv6").isTrue();
    }

    @Test
    void whatIsNotOfAPortOfWeftsIsNobodysGhost() {
        assertThat(isGhost(6, "192.0.2.11", 22, "192.0.2.11", 22))
                .as("the host's own")
                .isFalse();
        assertThat(isGhost(6, "192.0.2.11", 9090, "172.30.0.2", 80))
                .as("others' ports")
                .isFalse();
        assertThat(isGhost(6, "203.0.113.1", 443, "10.1.0.2", 443))
                .as("not to the host")
                .isFalse();
    }
}
