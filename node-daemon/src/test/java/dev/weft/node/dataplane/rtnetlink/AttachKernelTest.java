package dev.weft.node.dataplane.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.node.dataplane.rtnetlink.model.AddressSpec;
import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkGroup;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.LinkSpec;
import dev.weft.node.dataplane.rtnetlink.model.NextHop;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.RouteProtocol;
import dev.weft.node.dataplane.rtnetlink.model.RouteSpec;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Attaching an endpoint to a sandbox that exists: the whole of it, as the daemon does it. */
@Tag("kernel")
class AttachKernelTest {

    private static final InterfaceName BRIDGE = new InterfaceName("br0");
    private static final LinkRef ETH0 = LinkRef.of("eth0");
    private static final IpAddress GATEWAY = IpAddress.parse("10.0.0.1");
    private static final IpAddress OWN = IpAddress.parse("10.0.0.2");
    private static final int WARM_UP = 150;
    private static final int ROUNDS = 51;

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    private static void prepare(Rtnetlink host) {
        host.executeOrThrow(
                new Request.AddLink(new LinkSpec.BridgeSpec(BRIDGE, List.of(LinkAttribute.up()), List.of())),
                new Request.AddAddress(AddressSpec.of(LinkRef.of(BRIDGE), new InterfaceAddress(GATEWAY, 24))));
    }

    private static void attach(Rtnetlink host, NetworkNamespace sandbox, Rtnetlink inside) {
        host.executeOrThrow(new Request.AddLink(new LinkSpec.VethSpec(
                new InterfaceName("veth1"),
                List.of(
                        LinkAttribute.mtu(Mtu.ETHERNET),
                        LinkAttribute.group(new LinkGroup(87)),
                        LinkAttribute.alias("weft endpoint=0123456789abcdef"),
                        LinkAttribute.master(BRIDGE),
                        LinkAttribute.up()),
                new LinkSpec.Peer(
                        new InterfaceName("eth0"),
                        List.of(
                                LinkAttribute.mac(MacAddress.parse("02:42:0a:00:00:02")),
                                LinkAttribute.mtu(Mtu.ETHERNET),
                                LinkAttribute.in(sandbox))))));
        inside.executeOrThrow(
                new Request.SetLink(ETH0, List.of(LinkAttribute.up())),
                new Request.AddAddress(AddressSpec.of(ETH0, new InterfaceAddress(OWN, 24))),
                new Request.AddRoute(
                        RouteSpec.of(Cidr.parse("0.0.0.0/0"), NextHop.via(GATEWAY, ETH0), new RouteProtocol(87))));
    }

    @Test
    void anAttachedEndpointReachesItsGateway() {
        TestNamespace host = namespaces.create("host");
        TestNamespace sandbox = namespaces.create("sandbox");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace());
                Rtnetlink inside = Rtnetlink.open(sandbox.namespace())) {
            prepare(rtnetlink);
            attach(rtnetlink, sandbox.namespace(), inside);
            assertThat(sandbox.run("ping -n -c 1 -W 5 " + GATEWAY)).contains("1 received");
            assertThat(sandbox.run("ip route show default")).contains("via 10.0.0.1 dev eth0 proto 87");
        }
    }

    /**
     * Prints figures: with the sandbox's handle open, as a daemon has it for a sandbox that exists, and with one opened for
     * the purpose. Wall time depends on what else the machine does, so the calling thread's processor time stands beside
     * it; the bound is far above both, so that a busy machine does not fail the test.
     */
    @Test
    void attachingIsAMatterOfMilliseconds() {
        TestNamespace host = namespaces.create("host");
        TestNamespace sandbox = namespaces.create("sandbox");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace());
                Rtnetlink inside = Rtnetlink.open(sandbox.namespace())) {
            prepare(rtnetlink);
            double open =
                    measure("sandbox handle open", rtnetlink, () -> attach(rtnetlink, sandbox.namespace(), inside));
            double opened = measure("sandbox handle opened for it", rtnetlink, () -> {
                try (Rtnetlink fresh = Rtnetlink.open(sandbox.namespace())) {
                    attach(rtnetlink, sandbox.namespace(), fresh);
                }
            });
            assertThat(open).isLessThan(50);
            assertThat(opened).isLessThan(50);
        }
    }

    /** The median in milliseconds. */
    private static double measure(String what, Rtnetlink host, Runnable attach) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] wall = new long[ROUNDS];
        long[] processor = new long[ROUNDS];
        for (int i = -WARM_UP; i < ROUNDS; i++) {
            long processorStart = threads.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            attach.run();
            long end = System.nanoTime();
            if (i >= 0) {
                wall[i] = end - start;
                processor[i] = threads.getCurrentThreadCpuTime() - processorStart;
            }
            host.executeOrThrow(new Request.DeleteLink(LinkRef.of("veth1")));
        }
        Arrays.sort(wall);
        Arrays.sort(processor);
        double median = wall[ROUNDS / 2] / 1e6;
        System.out.printf(
                "attach one endpoint, two namespaces, %s: median %.2f ms (processor %.2f ms), p99 %.2f ms of %d%n",
                what, median, processor[ROUNDS / 2] / 1e6, wall[ROUNDS - 2] / 1e6, ROUNDS);
        return median;
    }
}
