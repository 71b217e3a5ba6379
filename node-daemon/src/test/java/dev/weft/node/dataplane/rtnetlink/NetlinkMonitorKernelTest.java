package dev.weft.node.dataplane.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.node.dataplane.nftables.Nftables;
import dev.weft.node.dataplane.rtnetlink.NetlinkMonitor.OwnPorts;
import dev.weft.node.dataplane.rtnetlink.model.AddressSpec;
import dev.weft.node.dataplane.rtnetlink.model.ChangeEvent;
import dev.weft.node.dataplane.rtnetlink.model.ChangeKind;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.NeighborSpec;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.RouteProtocol;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("kernel")
class NetlinkMonitorKernelTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    private final BlockingQueue<ChangeKind> heard = new LinkedBlockingQueue<>();

    private void hear(ChangeEvent event) {
        heard.add(event.kind());
    }

    /** Waits until each of these kinds was heard. */
    private void await(ChangeKind... kinds) throws InterruptedException {
        Set<ChangeKind> missing = EnumSet.copyOf(List.of(kinds));
        Instant end = Instant.now().plus(DEADLINE);
        while (!missing.isEmpty()) {
            long left = Duration.between(Instant.now(), end).toMillis();
            ChangeKind kind = heard.poll(Math.max(left, 0), TimeUnit.MILLISECONDS);
            assertThat(kind).as("not heard of: %s", missing).isNotNull();
            missing.remove(kind);
        }
    }

    @Test
    void hearsOfSandboxesWhileTheyAreWatched() throws InterruptedException {
        TestNamespace host = namespaces.create("host");
        TestNamespace sandbox = namespaces.create("sandbox");
        TestNamespace stranger = namespaces.create("stranger");
        sandbox.run("ip link add eth0 type veth peer name peer0");
        try (NetlinkMonitor monitor = NetlinkMonitor.start(host.namespace(), OwnPorts.NONE, event -> {})) {
            NetlinkMonitor.Watched watched = monitor.add(sandbox.namespace(), port -> false, this::hear);
            stranger.run("ip link add br0 type bridge");
            assertThat(heard).as("another namespace's changes").isEmpty();
            sandbox.run("ip link set eth0 up");
            sandbox.run("ip link set peer0 up");
            await(ChangeKind.LINK);
            sandbox.run("ip addr add 10.0.0.2/24 dev eth0");
            await(ChangeKind.ADDRESS, ChangeKind.ROUTE);
            watched.close();
            NetlinkMonitor.Watched again = monitor.add(stranger.namespace(), port -> false, this::hear);
            heard.clear();
            sandbox.run("ip addr del 10.0.0.2/24 dev eth0");
            stranger.run("ip link set br0 up");
            await(ChangeKind.LINK);
            assertThat(heard).as("the namespace that is no longer watched").doesNotContain(ChangeKind.ADDRESS);
            again.close();
        }
    }

    @Test
    void hearsOfEveryKind() throws InterruptedException {
        TestNamespace host = namespaces.create("host");
        TestNamespace other = namespaces.create("other");
        try (NetlinkMonitor monitor = NetlinkMonitor.start(host.namespace(), OwnPorts.NONE, this::hear)) {
            assertThat(monitor).isNotNull();
            other.run("ip link add br0 type bridge");
            other.run("nft add table inet weft");
            assertThat(heard).as("another namespace's changes").isEmpty();

            host.run("ip link add veth1 type veth peer name veth2");
            await(ChangeKind.LINK);
            host.run("ip link set veth1 up");
            host.run("ip link set veth2 up");
            host.run("ip addr add 10.0.0.1/24 dev veth1");
            await(ChangeKind.ADDRESS, ChangeKind.ROUTE);
            heard.clear();
            host.run("ip addr add 2001:db8::1/64 dev veth1 nodad");
            await(ChangeKind.ADDRESS, ChangeKind.ROUTE);
            host.run("ip neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev veth1");
            await(ChangeKind.NEIGHBOR);
            host.run("ip link add vx0 type vxlan id 7 local 192.0.2.1 dstport 4789");
            await(ChangeKind.LINK);
            heard.clear();
            host.run("bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.2");
            await(ChangeKind.NEIGHBOR);
            host.run("nft add table inet weft");
            await(ChangeKind.FIREWALL);
            host.run("sysctl -qw net.ipv4.ip_forward=1");
            await(ChangeKind.SETTING);
        }
    }

    @Test
    void saysWhenEventsWereLostAndGoesOn() throws InterruptedException {
        TestNamespace host = namespaces.create("host");
        host.run("ip link add veth1 type veth peer name veth2");
        host.run("ip link set veth1 up");
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch flooded = new CountDownLatch(1);
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace());
                NetlinkMonitor monitor = NetlinkMonitor.start(host.namespace(), OwnPorts.NONE, 16 * 1024, event -> {
                    hear(event);
                    stalled.countDown();
                    try {
                        assertThat(flooded.await(10, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })) {
            assertThat(monitor).isNotNull();
            host.run("ip link set veth2 up");
            assertThat(stalled.await(10, TimeUnit.SECONDS)).isTrue();
            List<Request> flood = new ArrayList<>();
            IpAddress first = IpAddress.parse("10.0.0.0");
            for (int i = 1; i <= 2000; i++) {
                flood.add(new Request.ReplaceNeighbor(NeighborSpec.permanent(
                        LinkRef.of("veth1"), first.plus(i), new MacAddress(i), RouteProtocol.STATIC)));
            }
            assertThat(rtnetlink.execute(flood)).allMatch(result -> result.succeeded());
            flooded.countDown();
            await(ChangeKind.LOST_EVENTS);
            heard.clear();
            host.run("nft add table inet weft");
            await(ChangeKind.FIREWALL);
        }
    }

    @Test
    void aFailingListenerDoesNotEndTheWatch() throws InterruptedException {
        TestNamespace host = namespaces.create("host");
        try (NetlinkMonitor monitor = NetlinkMonitor.start(host.namespace(), OwnPorts.NONE, event -> {
            hear(event);
            throw new IllegalStateException("a listener's fault");
        })) {
            assertThat(monitor).isNotNull();
            host.run("ip link add br0 type bridge");
            await(ChangeKind.LINK);
            heard.clear();
            host.run("nft add table inet weft");
            await(ChangeKind.FIREWALL);
        }
    }

    @Test
    void namesTheLinkThatAChangeIsAbout() throws InterruptedException {
        TestNamespace host = namespaces.create("host");
        BlockingQueue<ChangeEvent> events = new LinkedBlockingQueue<>();
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace());
                NetlinkMonitor monitor = NetlinkMonitor.start(host.namespace(), OwnPorts.NONE, events::add)) {
            assertThat(monitor).isNotNull();
            host.run("ip link add br0 type bridge");
            host.run("ip addr add 10.0.0.1/24 dev br0");
            host.run("ip neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev br0");
            host.run("sysctl -qw net.ipv4.conf.br0.forwarding=1");
            OptionalInt index = OptionalInt.of(
                    rtnetlink.link(new InterfaceName("br0")).orElseThrow().index());
            Set<ChangeEvent> missing = new HashSet<>(Set.of(
                    new ChangeEvent(ChangeKind.LINK, index, Optional.of("br0")),
                    new ChangeEvent(ChangeKind.ADDRESS, index, Optional.empty()),
                    new ChangeEvent(ChangeKind.NEIGHBOR, index, Optional.empty()),
                    new ChangeEvent(ChangeKind.SETTING, index, Optional.empty())));
            while (!missing.isEmpty()) {
                ChangeEvent event = events.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
                assertThat(event).as("not heard of: %s", missing).isNotNull();
                missing.remove(event);
            }
        }
    }

    @Test
    void doesNotTellOfWhatOwnSocketsAskedForButOfWhatOthersDidMeanwhile() throws InterruptedException {
        TestNamespace host = namespaces.create("host");
        host.run("ip link add br0 type bridge");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace());
                Nftables nftables = Nftables.open(host.namespace());
                NetlinkMonitor monitor = NetlinkMonitor.start(
                        host.namespace(),
                        new OwnPorts(port -> port == rtnetlink.port(), nftables::speaksBy),
                        this::hear)) {
            assertThat(monitor).isNotNull();
            rtnetlink.executeOrThrow(
                    new Request.AddAddress(AddressSpec.of(LinkRef.of("br0"), InterfaceAddress.parse("10.0.0.1/24"))));
            nftables.apply("add table inet weft");
            nftables.apply("add set inet weft s { type ipv4_addr; }\nadd element inet weft s { 10.0.0.1 }");
            // When what comes after them is heard of, they were taken: the firewall's, of another socket, a round
            // later.
            host.run("ip link add last1 type bridge");
            await(ChangeKind.LINK);
            host.run("ip link add last2 type bridge");
            await(ChangeKind.LINK);
            assertThat(heard).doesNotContain(ChangeKind.ADDRESS, ChangeKind.FIREWALL);

            host.run("ip addr add 10.0.0.2/24 dev br0");
            rtnetlink.executeOrThrow(
                    new Request.AddAddress(AddressSpec.of(LinkRef.of("br0"), InterfaceAddress.parse("10.0.0.3/24"))));
            await(ChangeKind.ADDRESS);
            // The secondary ones go with it, which nobody asked for.
            host.run("sysctl -qw net.ipv4.conf.all.promote_secondaries=0 net.ipv4.conf.br0.promote_secondaries=0");
            heard.clear();
            rtnetlink.executeOrThrow(
                    new Request.DeleteAddress(LinkRef.of("br0"), InterfaceAddress.parse("10.0.0.1/24")));
            await(ChangeKind.ADDRESS);
            assertThat(host.run("ip -o -4 address show dev br0")).isBlank();
            nftables.apply("add element inet weft s { 10.0.0.2 }");
            host.run("nft delete element inet weft s { 10.0.0.1 }");
            await(ChangeKind.FIREWALL);
        }
    }
}
