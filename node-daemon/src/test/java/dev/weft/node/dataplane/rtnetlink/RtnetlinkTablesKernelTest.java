package dev.weft.node.dataplane.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import dev.weft.node.dataplane.rtnetlink.model.Address;
import dev.weft.node.dataplane.rtnetlink.model.AddressFlag;
import dev.weft.node.dataplane.rtnetlink.model.AddressSpec;
import dev.weft.node.dataplane.rtnetlink.model.FdbEntry;
import dev.weft.node.dataplane.rtnetlink.model.FdbSpec;
import dev.weft.node.dataplane.rtnetlink.model.FdbTarget;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.Neighbor;
import dev.weft.node.dataplane.rtnetlink.model.NeighborSpec;
import dev.weft.node.dataplane.rtnetlink.model.NeighborState;
import dev.weft.node.dataplane.rtnetlink.model.NextHop;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.Result;
import dev.weft.node.dataplane.rtnetlink.model.Route;
import dev.weft.node.dataplane.rtnetlink.model.RouteProtocol;
import dev.weft.node.dataplane.rtnetlink.model.RouteSpec;
import dev.weft.node.dataplane.rtnetlink.model.RouteTable;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.KernelError;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Addresses, routes, neighbors and FDB entries. */
@Tag("kernel")
class RtnetlinkTablesKernelTest {

    private static final RouteProtocol OURS = new RouteProtocol(87);
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:00:00:01");
    private static final LinkRef VETH = LinkRef.of("veth1");

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    /** A host with a pair of veths that are up. */
    private TestNamespace host() {
        TestNamespace host = namespaces.create("host");
        host.run("ip link add veth1 type veth peer name veth2");
        host.run("ip link set veth1 up");
        host.run("ip link set veth2 up");
        return host;
    }

    private static int index(Rtnetlink rtnetlink, String name) {
        return rtnetlink.link(new InterfaceName(name)).orElseThrow().index();
    }

    private static List<String> texts(JsonArray array, String member) {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : array) {
            if (element.getAsJsonObject().has(member)) {
                texts.add(element.getAsJsonObject().get(member).getAsString());
            }
        }
        return texts;
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.2/24", "2001:db8::2/64"})
    void addsListsAndDeletesAddresses(String text) {
        TestNamespace host = host();
        InterfaceAddress address = InterfaceAddress.parse(text);
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            AddressSpec spec = AddressSpec.of(VETH, address, AddressFlag.NODAD, AddressFlag.NOPREFIXROUTE);
            rtnetlink.executeOrThrow(new Request.AddAddress(spec));
            JsonArray shown = host.json("ip -j addr show dev veth1")
                    .getAsJsonArray()
                    .get(0)
                    .getAsJsonObject()
                    .getAsJsonArray("addr_info");
            assertThat(texts(shown, "local")).contains(address.address().toString());
            assertThat(shown.toString()).contains("\"noprefixroute\":true");

            Address read = rtnetlink.addresses().stream()
                    .filter(a -> a.address().equals(address))
                    .findFirst()
                    .orElseThrow();
            assertThat(read.linkIndex()).isEqualTo(index(rtnetlink, "veth1"));
            assertThat(read.flags())
                    .contains(AddressFlag.PERMANENT, AddressFlag.NOPREFIXROUTE)
                    .doesNotContain(AddressFlag.TENTATIVE);

            assertThat(rtnetlink.execute(new Request.AddAddress(spec)).failure())
                    .map(KernelError::errno)
                    .contains(Errno.EEXIST);
            assertThat(rtnetlink.execute(new Request.ReplaceAddress(spec))).isEqualTo(new Result.Done());
            Request delete = new Request.DeleteAddress(VETH, address);
            assertThat(rtnetlink.execute(List.of(delete, delete)))
                    .containsExactly(new Result.Done(), new Result.AlreadyAbsent());
            assertThat(rtnetlink.execute(new Request.DeleteAddress(LinkRef.of("gone0"), address)))
                    .isEqualTo(new Result.AlreadyAbsent());
        }
    }

    @Test
    void readsWhatIpAdded() {
        TestNamespace host = host();
        host.run("ip addr add 10.0.0.2/24 dev veth1");
        host.run("ip addr add 2001:db8::2/64 dev veth1 nodad");
        host.run("ip route add 10.9.0.0/16 via 10.0.0.1 proto 99 metric 7");
        host.run("ip route add 10.8.0.0/16 nexthop via 10.0.0.1 dev veth1 nexthop via 10.0.0.9 dev veth1");
        host.run("ip route add unreachable 10.7.0.0/16");
        host.run("ip route add 10.6.0.0/16 via 10.0.0.1 table 1000");
        host.run("ip -6 route add default via 2001:db8::1");
        host.run("ip neigh add 10.0.0.1 lladdr 02:42:0a:00:00:01 dev veth1 nud permanent");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            LinkRef veth = LinkRef.of(index(rtnetlink, "veth1"));
            assertThat(rtnetlink.addresses())
                    .extracting(a -> a.address().toString())
                    .contains("10.0.0.2/24", "2001:db8::2/64");
            List<Route> main = rtnetlink.routes(IpFamily.IPV4, RouteTable.MAIN);
            assertThat(main)
                    .extracting(r -> r.destination().toString())
                    .containsExactlyInAnyOrder("10.0.0.0/24", "10.9.0.0/16", "10.8.0.0/16", "10.7.0.0/16");
            Route single = route(main, "10.9.0.0/16");
            assertThat(single.protocol()).isEqualTo(new RouteProtocol(99));
            assertThat(single.metric()).isEqualTo(7);
            assertThat(single.nextHops()).containsExactly(NextHop.via(IpAddress.parse("10.0.0.1"), veth));
            assertThat(route(main, "10.8.0.0/16").nextHops())
                    .containsExactly(
                            NextHop.via(IpAddress.parse("10.0.0.1"), veth),
                            NextHop.via(IpAddress.parse("10.0.0.9"), veth));
            assertThat(route(main, "10.7.0.0/16").nextHops()).isEmpty();
            assertThat(rtnetlink.routes(IpFamily.IPV4, new RouteTable(1000)))
                    .extracting(r -> r.destination().toString())
                    .containsExactly("10.6.0.0/16");
            assertThat(rtnetlink.routes(IpFamily.IPV4, new RouteTable(4711))).isEmpty();
            assertThat(rtnetlink.routes(IpFamily.IPV6, RouteTable.MAIN))
                    .anySatisfy(r -> assertThat(r.destination()).isEqualTo(Cidr.parse("::/0")));
            assertThat(rtnetlink.neighbors(IpFamily.IPV4))
                    .contains(new Neighbor(
                            index(rtnetlink, "veth1"),
                            IpAddress.parse("10.0.0.1"),
                            Optional.of(MAC),
                            NeighborState.PERMANENT,
                            RouteProtocol.UNSPECIFIED));
        }
    }

    private static Route route(List<Route> routes, String destination) {
        return routes.stream()
                .filter(r -> r.destination().equals(Cidr.parse(destination)))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "IPV4, 10.0.0.2/24, 10.0.0.1, 10.0.0.9, 0.0.0.0/0, 10.50.0.0/16",
        "IPV6, 2001:db8::2/64, 2001:db8::1, 2001:db8::9, ::/0, 2001:db9::/32"
    })
    void addsReplacesAndDeletesRoutes(
            IpFamily family, String address, String gateway, String other, String all, String some) {
        TestNamespace host = host();
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            RouteSpec first = RouteSpec.of(Cidr.parse(all), NextHop.via(IpAddress.parse(gateway), VETH), OURS);
            RouteSpec second = RouteSpec.of(Cidr.parse(all), NextHop.via(IpAddress.parse(other), VETH), OURS);
            RouteSpec direct = RouteSpec.of(Cidr.parse(some), NextHop.direct(VETH), OURS);
            rtnetlink.executeOrThrow(
                    new Request.AddAddress(AddressSpec.of(VETH, InterfaceAddress.parse(address), AddressFlag.NODAD)),
                    new Request.AddRoute(first),
                    new Request.AddRoute(direct),
                    new Request.ReplaceRoute(second));

            String option = family == IpFamily.IPV4 ? "-4" : "-6";
            JsonArray shown =
                    host.json("ip " + option + " -j route show proto 87").getAsJsonArray();
            assertThat(texts(shown, "dst")).containsExactlyInAnyOrder("default", some);
            assertThat(texts(shown, "gateway")).containsExactly(other);

            List<Route> ours = rtnetlink.routes(family, RouteTable.MAIN).stream()
                    .filter(r -> r.protocol().equals(OURS))
                    .toList();
            LinkRef veth = LinkRef.of(index(rtnetlink, "veth1"));
            assertThat(route(ours, all).nextHops()).containsExactly(NextHop.via(IpAddress.parse(other), veth));
            assertThat(route(ours, all).scope()).isEqualTo(second.scope());
            assertThat(route(ours, some).nextHops()).containsExactly(NextHop.direct(veth));
            assertThat(route(ours, some).scope()).isEqualTo(direct.scope());

            assertThat(rtnetlink.execute(new Request.AddRoute(second)).failure())
                    .map(KernelError::errno)
                    .contains(Errno.EEXIST);
            assertThat(rtnetlink.execute(List.of(
                            new Request.DeleteRoute(first),
                            new Request.DeleteRoute(second),
                            new Request.DeleteRoute(second),
                            new Request.DeleteRoute(direct))))
                    .as("the first gateway's route was replaced, so only the second is there")
                    .containsExactly(
                            new Result.AlreadyAbsent(),
                            new Result.Done(),
                            new Result.AlreadyAbsent(),
                            new Result.Done());
        }
    }

    @Test
    void anUnreachableGatewayIsExplainedByTheKernel() {
        TestNamespace host = host();
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            IpAddress gateway = IpAddress.parse("192.0.2.1");
            Result checked = rtnetlink.execute(
                    new Request.AddRoute(RouteSpec.of(Cidr.parse("0.0.0.0/0"), NextHop.via(gateway, VETH), OURS)));
            assertThat(checked.failure().orElseThrow().message())
                    .isEqualTo("add route 0.0.0.0/0 via 192.0.2.1 dev veth1 table main:"
                            + " ENETUNREACH (network unreachable): Nexthop has invalid gateway");
            rtnetlink.executeOrThrow(
                    new Request.AddAddress(AddressSpec.of(VETH, InterfaceAddress.parse("10.0.0.2/24"))),
                    new Request.AddRoute(RouteSpec.of(
                            Cidr.parse("0.0.0.0/0"), new NextHop.Via(gateway, VETH, NextHop.Reach.ON_LINK), OURS)));
            assertThat(host.run("ip route show default")).contains("192.0.2.1").contains("onlink");
        }
    }

    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void addsReplacesAndDeletesNeighbors(IpFamily family) {
        TestNamespace host = host();
        IpAddress address = IpAddress.parse(family == IpFamily.IPV4 ? "10.0.0.7" : "2001:db8::7");
        MacAddress later = MacAddress.parse("02:42:0a:00:00:99");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            NeighborSpec spec = NeighborSpec.permanent(VETH, address, MAC, OURS);
            rtnetlink.executeOrThrow(
                    new Request.AddNeighbor(spec),
                    new Request.ReplaceNeighbor(NeighborSpec.permanent(VETH, address, later, OURS)));
            JsonArray shown =
                    host.json("ip -j neigh show to " + address + " dev veth1").getAsJsonArray();
            assertThat(texts(shown, "lladdr")).containsExactly(later.toString());
            assertThat(shown.toString()).contains("PERMANENT");
            assertThat(rtnetlink.neighbors(family))
                    .contains(new Neighbor(
                            index(rtnetlink, "veth1"), address, Optional.of(later), NeighborState.PERMANENT, OURS));
            assertThat(rtnetlink.execute(new Request.AddNeighbor(spec)).failure())
                    .map(KernelError::errno)
                    .contains(Errno.EEXIST);
            Request delete = new Request.DeleteNeighbor(VETH, address);
            assertThat(rtnetlink.execute(List.of(delete, delete)))
                    .containsExactly(new Result.Done(), new Result.AlreadyAbsent());
        }
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.2, 192.0.2.3", "2001:db8::1, 2001:db8::2, 2001:db8::3"})
    void programsTheFdbOfATunnel(String local, String one, String two) {
        TestNamespace host = namespaces.create("host");
        host.run("ip link add vx0 type vxlan id 7 local " + local + " dstport 4789 nolearning");
        LinkRef tunnel = LinkRef.of("vx0");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            FdbSpec all = FdbSpec.remote(tunnel, FdbSpec.ALL_ZEROS, IpAddress.parse(one));
            FdbSpec allToo = FdbSpec.remote(tunnel, FdbSpec.ALL_ZEROS, IpAddress.parse(two));
            rtnetlink.executeOrThrow(
                    new Request.AppendFdb(all),
                    new Request.AppendFdb(allToo),
                    new Request.AppendFdb(allToo),
                    new Request.ReplaceFdb(FdbSpec.remote(tunnel, MAC, IpAddress.parse(one))),
                    new Request.ReplaceFdb(FdbSpec.remote(tunnel, MAC, IpAddress.parse(two))));
            String shown = host.run("bridge fdb show dev vx0");
            assertThat(shown)
                    .contains("00:00:00:00:00:00 dst " + one + " self permanent")
                    .contains("00:00:00:00:00:00 dst " + two + " self permanent")
                    .contains(MAC + " dst " + two + " self permanent")
                    .doesNotContain(MAC + " dst " + one);
            int index = index(rtnetlink, "vx0");
            assertThat(rtnetlink.fdb())
                    .containsExactlyInAnyOrder(
                            entry(index, FdbSpec.ALL_ZEROS, one),
                            entry(index, FdbSpec.ALL_ZEROS, two),
                            entry(index, MAC, two));

            assertThat(rtnetlink.execute(List.of(new Request.DeleteFdb(all), new Request.DeleteFdb(all))))
                    .as("the kernel does not tell when only the destination is absent")
                    .containsExactly(new Result.Done(), new Result.Done());
            assertThat(rtnetlink.execute(new Request.DeleteFdb(
                            FdbSpec.remote(tunnel, MacAddress.parse("02:00:00:00:00:01"), IpAddress.parse(one)))))
                    .isEqualTo(new Result.AlreadyAbsent());
            assertThat(rtnetlink.fdb())
                    .extracting(FdbEntry::target)
                    .allMatch(new FdbTarget.Vtep(IpAddress.parse(two))::equals);
        }
    }

    private static FdbEntry entry(int link, MacAddress mac, String vtep) {
        return new FdbEntry(
                link, mac, new FdbTarget.Vtep(IpAddress.parse(vtep)), OptionalInt.empty(), NeighborState.PERMANENT);
    }

    @Test
    void programsTheFdbOfABridge() {
        TestNamespace host = host();
        host.run("ip link add br0 type bridge");
        host.run("ip link set veth1 master br0");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            FdbSpec spec = FdbSpec.onPort(VETH, MAC);
            rtnetlink.executeOrThrow(new Request.ReplaceFdb(spec));
            assertThat(host.run("bridge fdb show br br0")).contains(MAC + " dev veth1 master br0 static");
            assertThat(rtnetlink.fdb())
                    .contains(new FdbEntry(
                            index(rtnetlink, "veth1"),
                            MAC,
                            new FdbTarget.Master(),
                            OptionalInt.of(index(rtnetlink, "br0")),
                            NeighborState.NOARP));
            assertThat(rtnetlink.execute(List.of(new Request.DeleteFdb(spec), new Request.DeleteFdb(spec))))
                    .containsExactly(new Result.Done(), new Result.AlreadyAbsent());
        }
    }

    @Test
    void aBatchOfThousandsHasAResultEach() {
        TestNamespace host = host();
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            IpAddress first = IpAddress.parse("10.0.0.0");
            List<Request> requests = new ArrayList<>();
            for (int i = 1; i <= 3000; i++) {
                requests.add(new Request.ReplaceNeighbor(NeighborSpec.permanent(VETH, first.plus(i), MAC, OURS)));
                if (i % 1000 == 0) {
                    requests.add(new Request.DeleteNeighbor(LinkRef.of(4711), first.plus(i)));
                }
            }
            List<Result> results = rtnetlink.execute(requests);
            assertThat(results).hasSize(3003).allMatch(Result::succeeded);
            assertThat(results.stream().filter(Result.AlreadyAbsent.class::isInstance))
                    .hasSize(3);
            assertThat(rtnetlink.neighbors(IpFamily.IPV4).stream()
                            .filter(n -> n.protocol().equals(OURS)))
                    .hasSize(3000);
        }
    }
}
