package dev.weft.node.dataplane.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.net.Vni;
import dev.weft.node.dataplane.rtnetlink.model.AddressSpec;
import dev.weft.node.dataplane.rtnetlink.model.BridgeOption;
import dev.weft.node.dataplane.rtnetlink.model.BridgePortFlag;
import dev.weft.node.dataplane.rtnetlink.model.Enslavement;
import dev.weft.node.dataplane.rtnetlink.model.Link;
import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkDetails;
import dev.weft.node.dataplane.rtnetlink.model.LinkGroup;
import dev.weft.node.dataplane.rtnetlink.model.LinkKind;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.LinkSpec;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.Result;
import dev.weft.node.dataplane.rtnetlink.model.Toggle;
import dev.weft.node.dataplane.rtnetlink.model.VxlanFlag;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("kernel")
class RtnetlinkLinkKernelTest {

    private static final InterfaceName BRIDGE = new InterfaceName("br0");
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:00:00:01");
    private static final LinkGroup GROUP = new LinkGroup(87);

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    private static JsonObject first(TestNamespace namespace, String command) {
        return namespace.json(command).getAsJsonArray().get(0).getAsJsonObject();
    }

    private static LinkSpec.BridgeSpec bridge(LinkAttribute... attributes) {
        return new LinkSpec.BridgeSpec(
                BRIDGE,
                List.of(attributes),
                List.of(
                        new BridgeOption.MulticastSnooping(Toggle.OFF),
                        new BridgeOption.Ageing(Duration.ofSeconds(42))));
    }

    @Test
    void addsABridgeWithAllThatWasAskedFor() {
        TestNamespace host = namespaces.create("host");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            rtnetlink.executeOrThrow(new Request.AddLink(bridge(
                    LinkAttribute.mac(MAC),
                    LinkAttribute.mtu(new Mtu(1450)),
                    LinkAttribute.group(GROUP),
                    LinkAttribute.alias("weft net=abc"),
                    LinkAttribute.up())));

            JsonObject shown = first(host, "ip -d -j link show dev br0");
            assertThat(shown.get("address").getAsString()).isEqualTo(MAC.toString());
            assertThat(shown.get("mtu").getAsInt()).isEqualTo(1450);
            assertThat(shown.get("group").getAsString()).isEqualTo("87");
            assertThat(shown.get("ifalias").getAsString()).isEqualTo("weft net=abc");
            assertThat(shown.getAsJsonArray("flags").toString()).contains("\"UP\"");
            JsonObject data = shown.getAsJsonObject("linkinfo").getAsJsonObject("info_data");
            assertThat(data.get("mcast_snooping").getAsInt()).isZero();
            assertThat(data.get("ageing_time").getAsInt()).isEqualTo(4200);

            Link read = rtnetlink.link(BRIDGE).orElseThrow();
            assertThat(read.index()).isEqualTo(shown.get("ifindex").getAsInt());
            assertThat(read.kind()).isEqualTo(LinkKind.BRIDGE);
            assertThat(read.mac()).contains(MAC);
            assertThat(read.group()).isEqualTo(GROUP);
            assertThat(read.alias()).isEqualTo("weft net=abc");
            assertThat(read.isUp()).isTrue();
            assertThat(read.enslavement()).isEqualTo(new Enslavement.Free());
            assertThat(read.details())
                    .isEqualTo(
                            new LinkDetails.BridgeDetails(Toggle.OFF, Toggle.OFF, Toggle.OFF, Duration.ofSeconds(42)));
        }
    }

    @Test
    void createsAVethWithItsPeerRightInAnotherNamespace() {
        TestNamespace host = namespaces.create("host");
        TestNamespace sandbox = namespaces.create("sandbox");
        MacAddress peerMac = MacAddress.parse("02:42:0a:00:00:02");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace());
                Rtnetlink inside = Rtnetlink.open(sandbox.namespace())) {
            rtnetlink.executeOrThrow(
                    new Request.AddLink(bridge(LinkAttribute.up())),
                    new Request.AddLink(new LinkSpec.VethSpec(
                            new InterfaceName("veth1"),
                            List.of(
                                    LinkAttribute.mac(MAC),
                                    LinkAttribute.mtu(new Mtu(1400)),
                                    LinkAttribute.master(BRIDGE),
                                    LinkAttribute.group(GROUP),
                                    LinkAttribute.up()),
                            new LinkSpec.Peer(
                                    new InterfaceName("eth0"),
                                    List.of(
                                            LinkAttribute.mac(peerMac),
                                            LinkAttribute.mtu(new Mtu(1300)),
                                            LinkAttribute.group(GROUP),
                                            LinkAttribute.in(sandbox.namespace()))))));
            inside.executeOrThrow(new Request.SetLink(LinkRef.of("eth0"), List.of(LinkAttribute.up())));

            JsonObject outer = first(host, "ip -d -j link show dev veth1");
            assertThat(outer.get("master").getAsString()).isEqualTo("br0");
            assertThat(outer.get("mtu").getAsInt()).isEqualTo(1400);
            JsonObject inner = first(sandbox, "ip -d -j link show dev eth0");
            assertThat(inner.get("address").getAsString()).isEqualTo(peerMac.toString());
            assertThat(inner.get("mtu").getAsInt()).isEqualTo(1300);
            assertThat(inner.get("group").getAsString()).isEqualTo("87");
            assertThat(inner.getAsJsonArray("flags").toString()).contains("LOWER_UP");

            Link veth = rtnetlink.link(new InterfaceName("veth1")).orElseThrow();
            Link eth0 = inside.link(new InterfaceName("eth0")).orElseThrow();
            assertThat(veth.masterIndex())
                    .hasValue(rtnetlink.link(BRIDGE).orElseThrow().index());
            assertThat(veth.lower()).hasValue(eth0.index());
            assertThat(veth.lowerNamespace()).isPresent();
            assertThat(eth0.mac()).contains(peerMac);
            assertThat(rtnetlink.links()).extracting(Link::name).containsExactlyInAnyOrder("lo", "br0", "veth1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void addsAVxlanWithoutADevice(String local) {
        TestNamespace host = namespaces.create("host");
        InterfaceName name = new InterfaceName("vx4097");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            rtnetlink.executeOrThrow(new Request.AddLink(new LinkSpec.VxlanSpec(
                    name,
                    List.of(LinkAttribute.mtu(new Mtu(1430))),
                    new Vni(4097),
                    IpAddress.parse(local),
                    4789,
                    Set.of(VxlanFlag.PROXY, VxlanFlag.UDP_CHECKSUM))));

            JsonObject data = first(host, "ip -d -j link show dev vx4097")
                    .getAsJsonObject("linkinfo")
                    .getAsJsonObject("info_data");
            assertThat(data.get("id").getAsInt()).isEqualTo(4097);
            assertThat(data.get("port").getAsInt()).isEqualTo(4789);
            assertThat(data.get(local.contains(":") ? "local6" : "local").getAsString())
                    .isEqualTo(local);
            assertThat(data.get("learning").getAsBoolean()).isFalse();
            assertThat(data.get("proxy").getAsBoolean()).isTrue();
            assertThat(data.has("link")).isFalse();

            LinkDetails.VxlanDetails read = (LinkDetails.VxlanDetails)
                    rtnetlink.link(name).orElseThrow().details();
            assertThat(read.vni()).contains(new Vni(4097));
            assertThat(read.local()).contains(IpAddress.parse(local));
            assertThat(read.port()).isEqualTo(4789);
            assertThat(read.device()).isEmpty();
            assertThat(read.flags()).containsExactlyInAnyOrder(VxlanFlag.PROXY, VxlanFlag.UDP_CHECKSUM);
        }
    }

    @Test
    void changesLinksAndBridgePorts() {
        TestNamespace host = namespaces.create("host");
        host.run("ip link add br0 type bridge");
        host.run("ip link add veth1 type veth peer name veth2");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            rtnetlink.executeOrThrow(
                    new Request.SetLink(
                            LinkRef.of("veth1"),
                            List.of(
                                    LinkAttribute.mac(MAC),
                                    LinkAttribute.mtu(new Mtu(1234)),
                                    LinkAttribute.alias("mine"),
                                    LinkAttribute.group(GROUP),
                                    LinkAttribute.master(BRIDGE))),
                    new Request.SetBridgePort(
                            LinkRef.of("veth1"),
                            Map.of(
                                    BridgePortFlag.HAIRPIN, Toggle.ON,
                                    BridgePortFlag.LEARNING, Toggle.OFF,
                                    BridgePortFlag.NEIGH_SUPPRESS, Toggle.ON,
                                    BridgePortFlag.ISOLATED, Toggle.ON,
                                    BridgePortFlag.FLOOD, Toggle.OFF)),
                    new Request.SetBridge(LinkRef.of(BRIDGE), List.of(new BridgeOption.MulticastSnooping(Toggle.OFF))),
                    new Request.SetLink(
                            LinkRef.of("veth2"), List.of(new LinkAttribute.Name(new InterfaceName("renamed")))),
                    new Request.SetLink(LinkRef.of("renamed"), List.of(LinkAttribute.up())));

            JsonObject port = first(host, "bridge -d -j link show dev veth1");
            assertThat(port.get("hairpin").getAsBoolean()).isTrue();
            assertThat(port.get("learning").getAsBoolean()).isFalse();
            assertThat(port.get("neigh_suppress").getAsBoolean()).isTrue();
            assertThat(port.get("isolated").getAsBoolean()).isTrue();
            assertThat(port.get("flood").getAsBoolean()).isFalse();
            JsonObject veth = first(host, "ip -d -j link show dev veth1");
            assertThat(veth.get("mtu").getAsInt()).isEqualTo(1234);
            assertThat(veth.get("ifalias").getAsString()).isEqualTo("mine");
            Link read = rtnetlink.link(new InterfaceName("veth1")).orElseThrow();
            assertThat(read.enslavement())
                    .isEqualTo(new Enslavement.PortOf(
                            read.masterIndex().orElseThrow(),
                            Set.of(
                                    BridgePortFlag.HAIRPIN,
                                    BridgePortFlag.NEIGH_SUPPRESS,
                                    BridgePortFlag.ISOLATED,
                                    BridgePortFlag.MULTICAST_FLOOD,
                                    BridgePortFlag.BROADCAST_FLOOD)));
            assertThat(rtnetlink.link(new InterfaceName("renamed")))
                    .map(Link::isUp)
                    .contains(true);

            rtnetlink.executeOrThrow(new Request.SetLink(
                    LinkRef.of("veth1"), List.of(new LinkAttribute.NoMaster(), LinkAttribute.alias(""))));
            Link freed = rtnetlink.link(new InterfaceName("veth1")).orElseThrow();
            assertThat(freed.masterIndex()).isEmpty();
            assertThat(freed.alias()).isEmpty();
        }
    }

    @Test
    void deletingWhatIsNotThereSucceeds() {
        TestNamespace host = namespaces.create("host");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            rtnetlink.executeOrThrow(new Request.AddLink(bridge()));
            Request delete = new Request.DeleteLink(LinkRef.of(BRIDGE));
            assertThat(rtnetlink.execute(List.of(delete, delete)))
                    .containsExactly(new Result.Done(), new Result.AlreadyAbsent());
            assertThat(rtnetlink.execute(new Request.DeleteLink(LinkRef.of(4711))))
                    .isEqualTo(new Result.AlreadyAbsent());
            assertThat(rtnetlink.link(BRIDGE)).isEqualTo(Optional.empty());
        }
    }

    @Test
    void aFailingMessageHidesNoOther() {
        TestNamespace host = namespaces.create("host");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            List<Result> results = rtnetlink.execute(List.of(
                    new Request.AddLink(bridge()),
                    new Request.AddLink(bridge()),
                    new Request.AddLink(
                            new LinkSpec.PlainSpec(new InterfaceName("odd0"), new LinkKind("nokind"), List.of())),
                    new Request.AddAddress(
                            AddressSpec.of(LinkRef.of("absent0"), InterfaceAddress.parse("10.0.0.1/24"))),
                    new Request.AddAddress(AddressSpec.of(LinkRef.of(BRIDGE), InterfaceAddress.parse("10.0.0.1/24"))),
                    new Request.SetLink(LinkRef.of(BRIDGE), List.of(LinkAttribute.up()))));

            assertThat(results).extracting(Result::succeeded).containsExactly(true, false, false, false, true, true);
            assertThat(results.get(1).failure().orElseThrow().errno()).isEqualTo(Errno.EEXIST);
            assertThat(results.get(1).failure().orElseThrow().message()).startsWith("add link br0 (bridge): EEXIST");
            assertThat(results.get(2).failure().orElseThrow().message())
                    .isEqualTo("add link odd0 (nokind): EOPNOTSUPP (operation not supported): Unknown device type");
            assertThat(results.get(3).failure().orElseThrow().message())
                    .isEqualTo("add address 10.0.0.1/24 dev absent0: ENODEV (no such device):"
                            + " there is no link named absent0");
            assertThat(first(host, "ip -j addr show dev br0")
                            .getAsJsonArray("addr_info")
                            .get(0)
                            .getAsJsonObject()
                            .get("local")
                            .getAsString())
                    .isEqualTo("10.0.0.1");
        }
    }

    @Test
    void aFailedAddLeavesTheAliasOfWhoeverHasTheNameAlone() {
        TestNamespace host = namespaces.create("host");
        host.run("ip link add br0 type bridge");
        host.run("ip link set br0 alias theirs");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            Result result = rtnetlink.execute(new Request.AddLink(bridge(LinkAttribute.alias("ours"))));
            assertThat(result.succeeded()).isFalse();
            assertThat(rtnetlink.link(BRIDGE)).map(Link::alias).contains("theirs");
        }
    }

    @Test
    void listsAThousandLinks() {
        TestNamespace host = namespaces.create("host");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace())) {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                requests.add(new Request.AddLink(new LinkSpec.VethSpec(
                        new InterfaceName("a" + i),
                        List.of(LinkAttribute.group(GROUP)),
                        new LinkSpec.Peer(new InterfaceName("b" + i), List.of(LinkAttribute.group(GROUP))))));
            }
            assertThat(rtnetlink.execute(requests)).allMatch(Result::succeeded);
            assertThat(rtnetlink.links()).hasSize(1001).extracting(Link::name).contains("lo", "a0", "b499");
        }
    }

    @Test
    void aListTakenWhileLinksComeAndGoHasAllThatStay() throws InterruptedException {
        TestNamespace host = namespaces.create("host");
        try (Rtnetlink rtnetlink = Rtnetlink.open(host.namespace());
                Rtnetlink other = Rtnetlink.open(host.namespace())) {
            List<Request> requests = new ArrayList<>();
            Set<String> stay = new TreeSet<>(Set.of("lo"));
            for (int i = 0; i < 100; i++) {
                stay.add("stay" + i);
                requests.add(new Request.AddLink(
                        new LinkSpec.BridgeSpec(new InterfaceName("stay" + i), List.of(), List.of())));
            }
            assertThat(rtnetlink.execute(requests)).allMatch(Result::succeeded);
            AtomicBoolean stop = new AtomicBoolean();
            Thread churn = Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    other.executeOrThrow(
                            new Request.AddLink(
                                    new LinkSpec.BridgeSpec(new InterfaceName("passing"), List.of(), List.of())),
                            new Request.DeleteLink(LinkRef.of("passing")));
                }
            });
            try {
                for (int i = 0; i < 100; i++) {
                    List<String> names = new ArrayList<>(
                            rtnetlink.links().stream().map(Link::name).toList());
                    names.remove("passing");
                    assertThat(names).containsExactlyInAnyOrderElementsOf(stay);
                }
            } finally {
                stop.set(true);
                churn.join();
            }
        }
    }

    @Test
    void aLinkIsNotAddedWithWhatCannotBeSetThen() {
        TestNamespace host = namespaces.create("host");
        assertThatThrownBy(() ->
                        new Request.AddLink(bridge(LinkAttribute.alias("ours"), LinkAttribute.in(host.namespace()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ours");
        assertThatThrownBy(() -> new Request.AddLink(bridge(new LinkAttribute.Name(new InterfaceName("other")))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
