package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.IpAddress;
import dev.weft.net.LinkLocal;
import dev.weft.net.MacAddress;
import dev.weft.node.testing.Frames;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespaces;
import dev.weft.node.testing.Wire;
import dev.weft.node.testing.Wire.Tap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A workload with raw sockets plays somebody else. Each lie is first seen to arrive where Weft's rules are not. */
@Tag("kernel")
class SpoofingKernelTest {

    private static final String BRIDGE = "br-b1";
    private static final IpAddress OWN4 = IpAddress.parse("10.1.0.2");
    private static final IpAddress OWN6 = IpAddress.parse("fd00:1::2");
    private static final IpAddress VICTIM4 = IpAddress.parse("10.1.0.3");
    private static final IpAddress VICTIM6 = IpAddress.parse("fd00:1::3");
    private static final IpAddress OTHER4 = IpAddress.parse("10.1.0.4");
    private static final IpAddress OTHER6 = IpAddress.parse("fd00:1::4");
    private static final IpAddress GATEWAY4 = IpAddress.parse("10.1.0.1");
    private static final IpAddress GATEWAY6 = IpAddress.parse("fd00:1::1");
    private static final IpAddress STRANGER4 = IpAddress.parse("198.51.100.7");
    private static final IpAddress STRANGER6 = IpAddress.parse("2001:db8::7");
    private static final IpAddress NOBODY4 = IpAddress.parse("0.0.0.0");
    private static final IpAddress NOBODY6 = IpAddress.parse("::");
    private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
    private static final MacAddress OWN = Rows.mac(OWN4);
    private static final MacAddress VICTIM = Rows.mac(VICTIM4);
    private static final MacAddress OTHER = Rows.mac(OTHER4);
    private static final MacAddress GATEWAY = Names.bridgeMac(Rows.id("b1"));
    private static final MacAddress ALL_NODES_MAC = MacAddress.parse("33:33:00:00:00:01");
    private static final IpAddress OWN_LINK_LOCAL = LinkLocal.of(OWN);
    private static final IpAddress OTHER_LINK_LOCAL = LinkLocal.of(OTHER);

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TwoHosts hosts;

    @SuppressWarnings("NullAway.Init")
    private Wire wire;

    @BeforeEach
    void startHosts() {
        wire = new Wire(directory);
        hosts = new TwoHosts(namespaces, directory);
        hosts.one.want(
                Rows.bridge("b1", BRIDGE, List.of("10.1.0.0/24", "fd00:1::/64")),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                Rows.sandbox("5c"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64"),
                Rows.endpoint("e2", "b1", "5b", "eth0", "10.1.0.3/24", "fd00:1::3/64"),
                Rows.endpoint("e3", "b1", "5c", "eth0", "10.1.0.4/24", "fd00:1::4/64"));
    }

    @AfterEach
    void stopHosts() {
        hosts.close();
    }

    private Tap attacker() {
        return new Tap(hosts.one.sandbox("5a"), "eth0");
    }

    private Tap victim() {
        return new Tap(hosts.one.sandbox("5b"), "eth0");
    }

    private Tap gateway() {
        return new Tap(hosts.one.namespace, BRIDGE);
    }

    private static byte[] says(MacAddress to, MacAddress from, IpAddress source, IpAddress destination, String text) {
        return Frames.ipFrame(to, from, Frames.udp(source, 4000, destination, 4000, text));
    }

    /** What is sent to one of the network, be it an endpoint or the gateway. */
    private static Map<String, byte[]> lies(MacAddress to, IpAddress to4, IpAddress to6) {
        Map<String, byte[]> lies = new LinkedHashMap<>();
        lies.put("another's MAC", says(to, OTHER, OWN4, to4, "mac"));
        lies.put("another's IPv4 address", says(to, OWN, OTHER4, to4, "ipv4"));
        lies.put("another's MAC and IPv4 address", says(to, OTHER, OTHER4, to4, "both"));
        lies.put("the gateway's IPv4 address", says(to, OWN, GATEWAY4, to4, "gateway"));
        lies.put("a stranger's IPv4 address", says(to, OWN, STRANGER4, to4, "stranger"));
        lies.put("a link-local IPv4 address", says(to, OWN, IpAddress.parse("169.254.9.4"), to4, "local4"));
        lies.put("another's IPv6 address", says(to, OWN, OTHER6, to6, "ipv6"));
        lies.put("another's MAC, IPv6", says(to, OTHER, OWN6, to6, "mac6"));
        lies.put("a stranger's IPv6 address", says(to, OWN, STRANGER6, to6, "stranger6"));
        lies.put("another's link-local address", says(to, OWN, OTHER_LINK_LOCAL, to6, "local6"));
        lies.put("spoofed behind a priority tag", Frames.tagged(0, says(to, OWN, OTHER4, to4, "tag0")));
        lies.put("spoofed behind a VLAN tag", Frames.tagged(7, says(to, OWN, OTHER4, to4, "tag7")));
        lies.put("tagged twice", Frames.tagged(0, Frames.tagged(0, says(to, OWN, OTHER6, to6, "tag00"))));
        lies.put("ARP reply for another", arp(to, OWN, Frames.ARP_REPLY, OWN, OTHER4, to, to4));
        lies.put("ARP reply for the gateway", arp(to, OWN, Frames.ARP_REPLY, OWN, GATEWAY4, to, to4));
        lies.put("ARP request of another", arp(Frames.BROADCAST, OWN, Frames.ARP_REQUEST, OWN, OTHER4, OWN, to4));
        lies.put("ARP with another's MAC inside", arp(to, OWN, Frames.ARP_REPLY, OTHER, OWN4, to, to4));
        lies.put("ARP with another's MAC outside", arp(to, OTHER, Frames.ARP_REPLY, OWN, OWN4, to, to4));
        lies.put("ARP probe for another's", arp(Frames.BROADCAST, OWN, Frames.ARP_REQUEST, OWN, NOBODY4, OWN, OTHER4));
        lies.put("advertisement of another's", nd(to, Frames.advertisement(OWN6, to6, OTHER6, OWN)));
        lies.put("advertisement of the gateway's", nd(to, Frames.advertisement(OWN_LINK_LOCAL, to6, GATEWAY6, OWN)));
        lies.put("advertisement as another", nd(to, Frames.advertisement(OTHER6, to6, OWN6, OWN)));
        lies.put("solicitation as another", nd(to, Frames.solicitation(OTHER6, to6, to6, OWN)));
        lies.put("another's address claimed", nd(ALL_NODES_MAC, Frames.solicitation(NOBODY6, ALL_NODES, OTHER6, OWN)));
        lies.put("router advertisement", nd(ALL_NODES_MAC, Frames.routerAdvertisement(OWN_LINK_LOCAL, OWN)));
        lies.put(
                "hidden router advertisement",
                nd(ALL_NODES_MAC, Frames.hiddenRouterAdvertisement(OWN_LINK_LOCAL, OWN)));
        lies.put("redirect", nd(to, Frames.redirect(OWN_LINK_LOCAL, to6, OWN6, STRANGER6)));
        lies.put("DHCP answer", Frames.ipFrame(to, OWN, Frames.udp(OWN4, 67, to4, 68, "dhcp")));
        lies.put("DHCPv6 answer", Frames.ipFrame(to, OWN, Frames.udp(OWN6, 547, to6, 546, "dhcp6")));
        lies.put(
                "no protocol of ours",
                Frames.ethernet(to, OWN, 0x88B5, "experiment".getBytes(StandardCharsets.US_ASCII)));
        return lies;
    }

    private static byte[] arp(
            MacAddress to,
            MacAddress from,
            int operation,
            MacAddress senderMac,
            IpAddress sender,
            MacAddress targetMac,
            IpAddress target) {
        return Frames.arpFrame(to, from, Frames.arp(operation, senderMac, sender, targetMac, target));
    }

    private static byte[] nd(MacAddress to, byte[] packet) {
        return Frames.ipFrame(to, OWN, packet);
    }

    /** The names of those that arrived. */
    private List<String> arrived(Map<String, byte[]> frames, Tap to, MacAddress mac, IpAddress address) {
        List<String> arrivals =
                wire.arrivals(attacker(), to, List.copyOf(frames.values()), says(mac, OWN, OWN4, address, "the end"));
        List<String> names = new ArrayList<>();
        frames.forEach((name, frame) -> {
            if (Wire.contains(arrivals, frame)) {
                names.add(name);
            }
        });
        return names;
    }

    @Test
    void liesDoNotReachAnotherEndpoint() {
        Map<String, byte[]> lies = lies(VICTIM, VICTIM4, VICTIM6);
        hosts.one.stop();
        hosts.one.namespace.run("nft flush ruleset");
        assertThat(arrived(lies, victim(), VICTIM, VICTIM4))
                .as("without rules")
                .containsExactlyElementsOf(lies.keySet());
        hosts.one.start();
        hosts.one.awaitAllReady();
        assertThat(arrived(lies, victim(), VICTIM, VICTIM4)).as("with rules").isEmpty();
    }

    @Test
    void liesDoNotReachTheGateway() {
        Map<String, byte[]> lies = lies(GATEWAY, GATEWAY4, GATEWAY6);
        hosts.one.stop();
        hosts.one.namespace.run("nft flush ruleset");
        assertThat(arrived(lies, gateway(), GATEWAY, GATEWAY4))
                .as("without rules")
                .containsExactlyElementsOf(lies.keySet());
        hosts.one.start();
        hosts.one.awaitAllReady();
        assertThat(arrived(lies, gateway(), GATEWAY, GATEWAY4)).as("with rules").isEmpty();
    }

    @Test
    void theTruthArrives() {
        Map<String, byte[]> truth = new LinkedHashMap<>();
        truth.put("IPv4", says(VICTIM, OWN, OWN4, VICTIM4, "four"));
        truth.put("IPv6", says(VICTIM, OWN, OWN6, VICTIM6, "six"));
        truth.put("link-local", says(VICTIM, OWN, OWN_LINK_LOCAL, LinkLocal.of(VICTIM), "local"));
        truth.put("ARP request", arp(Frames.BROADCAST, OWN, Frames.ARP_REQUEST, OWN, OWN4, OWN, VICTIM4));
        truth.put("ARP reply", arp(VICTIM, OWN, Frames.ARP_REPLY, OWN, OWN4, VICTIM, VICTIM4));
        truth.put("ARP probe", arp(Frames.BROADCAST, OWN, Frames.ARP_REQUEST, OWN, NOBODY4, OWN, OWN4));
        truth.put("advertisement", nd(VICTIM, Frames.advertisement(OWN6, VICTIM6, OWN6, OWN)));
        truth.put("of link-local", nd(VICTIM, Frames.advertisement(OWN_LINK_LOCAL, VICTIM6, OWN_LINK_LOCAL, OWN)));
        truth.put("solicitation", nd(VICTIM, Frames.solicitation(OWN_LINK_LOCAL, VICTIM6, VICTIM6, OWN)));
        truth.put("duplicate detection", nd(ALL_NODES_MAC, Frames.solicitation(NOBODY6, ALL_NODES, OWN6, OWN)));
        truth.put("from port 68", Frames.ipFrame(VICTIM, OWN, Frames.udp(OWN4, 68, VICTIM4, 67, "ask")));
        assertThat(arrived(truth, victim(), VICTIM, VICTIM4)).containsExactlyElementsOf(truth.keySet());
    }

    @Test
    void aChangedAddressIsTheOnlyOneFromThenOn() {
        hosts.one.offer(List.of(
                Rows.bridge("b1", BRIDGE, List.of("10.1.0.0/24", "fd00:1::/64")),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.9/24", "fd00:1::9/64"),
                Rows.endpoint("e2", "b1", "5b", "eth0", "10.1.0.3/24", "fd00:1::3/64")));
        hosts.one.await(
                "the new address to work",
                () -> TestHost.output(hosts.one.sandbox("5a"), "ping -c 1 -W 1 fd00:1::3")
                        .contains(" 0% packet loss"));
        IpAddress changed = IpAddress.parse("10.1.0.9");
        byte[] before = says(VICTIM, Rows.mac(changed), OWN4, VICTIM4, "before");
        List<String> arrivals = wire.arrivals(
                attacker(), victim(), List.of(before), says(VICTIM, Rows.mac(changed), changed, VICTIM4, "after"));
        assertThat(Wire.contains(arrivals, before)).isFalse();
        // Who has left has left nothing behind.
        assertThat(hosts.one.namespace.run("nft list table bridge weft"))
                .doesNotContain(OWN4 + " ")
                .doesNotContain("10.1.0.4");
    }

    @Test
    void theGuardIsPutBack() {
        for (String damage : List.of(
                "nft delete table bridge weft",
                "nft flush ruleset",
                "nft flush chain bridge weft from-ip",
                "nft flush set bridge weft ports",
                "nft delete table inet weft")) {
            String right = hosts.one.namespace.run("nft list ruleset");
            hosts.one.namespace.run(damage);
            hosts.one.await(
                    "repair of: " + damage,
                    () -> hosts.one.namespace.run("nft list ruleset").equals(right));
        }
        Map<String, byte[]> lies = lies(VICTIM, VICTIM4, VICTIM6);
        assertThat(arrived(lies, victim(), VICTIM, VICTIM4)).isEmpty();
    }
}
