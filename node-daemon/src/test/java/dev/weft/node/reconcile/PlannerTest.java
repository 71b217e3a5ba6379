package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Bandwidth;
import dev.weft.net.BitRate;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import dev.weft.node.kernel.FirewallSet;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObservedLink;
import dev.weft.node.kernel.Operation;
import dev.weft.node.model.NetworkAccess;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NetworkRow.Trait;
import dev.weft.node.model.NodeProfile;
import dev.weft.node.model.Row;
import dev.weft.node.reconcile.Planner.Removals;
import dev.weft.node.testing.Golden;
import dev.weft.node.testing.PlanText;
import dev.weft.node.testing.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private static final NamespaceRef BOX_A = NamespaceRef.sandbox(Rows.id("5a"));

    private static final List<Row> BRIDGE = List.of(
            Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24")),
            Rows.sandbox("5a"),
            Rows.sandbox("5b"),
            Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24"),
            Rows.endpoint("e2", "b1", "5b", "eth0", "10.1.0.3/24"));

    private static final List<Row> OVERLAY = List.of(
            Rows.overlay("01", "wb-01", 4097, List.of("10.9.0.0/24")),
            Rows.sandbox("5a"),
            Rows.endpoint("e1", "01", "5a", "eth0", "10.9.0.2/24"),
            Rows.vtep("01", "node-2", "192.0.2.2"),
            Rows.vtep("01", "node-3", "192.0.2.3"),
            Rows.peer("e8", "01", "192.0.2.2", "10.9.0.8"),
            Rows.peer("e9", "01", "192.0.2.3", "10.9.0.9"));

    private static final List<Row> DUAL_STACK = List.of(
            Rows.overlay("01", "wb-01", 4097, List.of("10.9.0.0/24", "fd00:9::/64")),
            Rows.sandbox("5a"),
            Rows.endpoint("e1", "01", "5a", "eth0", "10.9.0.2/24", "fd00:9::2/64"),
            Rows.vtep("01", "node-2", "192.0.2.2"),
            Rows.peer("e8", "01", "192.0.2.2", "10.9.0.8", "fd00:9::8"));

    /** The state wanted, the plan that opens the namespaces, and the plan that follows. */
    private static String fromNothing(World world) {
        String text = "# desired\n" + PlanText.of(world.desired()) + "\n# plan for an empty kernel\n"
                + PlanText.of(world.plan());
        for (Plan.Step step : world.plan().steps()) {
            if (step.operation() instanceof Operation.OpenNamespace) {
                var unused = world.kernel.execute(step.namespace(), List.of(step.operation()));
            }
        }
        text += "\n# plan with the namespaces open\n" + PlanText.of(world.plan());
        return text + "\n# plan when all that is done\n"
                + PlanText.of(world.settle().plan());
    }

    @Test
    void bridgeWithTwoSandboxes() {
        Golden.check("bridge-two-sandboxes", fromNothing(new World().want(BRIDGE)));
    }

    @Test
    void overlayWithRemoteEndpoints() {
        Golden.check("overlay-remote-endpoints", fromNothing(new World().want(OVERLAY)));
    }

    @Test
    void dualStack() {
        Golden.check("dual-stack", fromNothing(new World().want(DUAL_STACK)));
    }

    private static List<Row> limited(Optional<BitRate> ingress, Optional<BitRate> egress) {
        List<Row> rows = new ArrayList<>(BRIDGE.subList(0, 3));
        rows.add(Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24").with(new Bandwidth(ingress, egress)));
        return rows;
    }

    @Test
    void limitsBothWays() {
        Optional<BitRate> ingress = Optional.of(new BitRate(100_000_000));
        Optional<BitRate> egress = Optional.of(new BitRate(64_000));
        World world = new World().want(limited(ingress, egress));
        String text = fromNothing(world);
        text += "\n# plan for another limit of what comes in\n"
                + PlanText.of(world.want(limited(Optional.of(new BitRate(20_000_000)), egress))
                        .plan());
        text += "\n# plan for none of what goes out\n"
                + PlanText.of(world.settle()
                        .want(limited(Optional.of(new BitRate(20_000_000)), Optional.empty()))
                        .plan());
        world.settle();
        world.kernel.tamperTake(NamespaceRef.HOST, new KernelKey.OfQdisc(Names.veth(Rows.id("e1"))));
        text += "\n# plan when somebody has taken a limit away\n" + PlanText.of(world.plan());
        Golden.check("limits", text);
    }

    @Test
    void limitsOfWhatGoesOutOnTheHost() {
        Optional<BitRate> egress = Optional.of(new BitRate(64_000));
        World world = new World(new NodeProfile(World.NODE.vtep(), NodeProfile.EgressLimits.ON_HOST));
        String text = fromNothing(world.want(limited(Optional.empty(), egress)));
        // With the link goes what leads to it.
        world.kernel.tamperTake(NamespaceRef.HOST, new KernelKey.OfLink(Names.ifb(Rows.id("e1"))));
        text += "\n# plan when somebody has deleted the link\n" + PlanText.of(world.plan());
        world.settle();
        assertThat(world.plan().isEmpty()).isTrue();
        text += "\n# plan for none\n"
                + PlanText.of(
                        world.want(limited(Optional.empty(), Optional.empty())).plan());
        world.settle().want(limited(Optional.empty(), egress)).settle();
        text += "\n# plan for no endpoint\n"
                + PlanText.of(world.want(BRIDGE.subList(0, 3)).plan());
        assertThat(world.settle().plan().isEmpty()).isTrue();
        Golden.check("limits-on-host", text);
    }

    @Test
    void internalNetworkAndEndpointsKeptApart() {
        NetworkRow apart =
                Rows.without(Rows.bridge("b2", "br-b2", List.of("10.2.0.0/24")), Trait.INTER_CONTAINER_COMMUNICATION);
        Golden.check(
                "internal-and-apart",
                fromNothing(new World()
                        .want(
                                Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24"), Trait.INTERNAL),
                                apart,
                                Rows.sandbox("5a"),
                                Rows.endpoint("e1", "b2", "5a", "eth0", "10.2.0.2/24"))));
    }

    @Test
    void leavingWithAnAddressOfItsOwn() {
        NetworkRow network = Rows.with(
                Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24", "fd00:1::/64")),
                new NetworkAccess(Map.of(), Set.of(), Map.of(IpFamily.IPV4, IpAddress.parse("192.0.2.77"))));
        Golden.check("source-address", fromNothing(new World().want(network)));
    }

    @Test
    void aSecondEndpointTouchesOnlyItself() {
        World world = new World().want(BRIDGE.subList(0, 4)).settle();
        Golden.check(
                "attach",
                PlanText.of(world.want(BRIDGE).settle().want(moreOnBridge()).plan()));
    }

    private static List<Row> moreOnBridge() {
        List<Row> rows = new ArrayList<>(BRIDGE);
        rows.add(Rows.bridge("b2", "br-b2", List.of("10.2.0.0/24")));
        rows.add(Rows.endpoint("e3", "b2", "5a", "eth1", "10.2.0.2/24"));
        return rows;
    }

    @Test
    void removalOfAnEndpoint() {
        World world = new World().want(BRIDGE).settle();
        Golden.check(
                "remove-endpoint", PlanText.of(world.want(BRIDGE.subList(0, 4)).plan()));
        assertThat(world.settle().plan().isEmpty()).isTrue();
    }

    @Test
    void removalOfAnOverlay() {
        World world = new World().want(OVERLAY).settle();
        Golden.check(
                "remove-overlay", PlanText.of(world.want(OVERLAY.subList(1, 2)).plan()));
        assertThat(world.settle().plan().isEmpty()).isTrue();
    }

    @Test
    void removalOfEverything() {
        World world = new World().want(moreOnBridge()).settle();
        Golden.check("remove-everything", PlanText.of(world.want().plan()));
        assertThat(world.settle().plan().isEmpty()).isTrue();
        assertThat(world.observed().in(BOX_A)).isEmpty();
    }

    @Test
    void nothingIsRemovedBeforeTheWholeStateWasHeard() {
        World world = new World().want(OVERLAY).settle().want();
        assertThat(PlanText.of(world.plan(Removals.FORBIDDEN))).isEqualTo("(nothing to do)\n");
    }

    @Test
    void driftOfEveryKind() {
        World world = new World().want(DUAL_STACK).settle();
        InterfaceName vxlan = Names.vxlan(Rows.id("01"));
        InterfaceName bridge = new InterfaceName("wb-01");
        MacAddress peer = Rows.mac(IpAddress.parse("10.9.0.8"));
        world.kernel.tamperPut(
                NamespaceRef.HOST, new KernelObject.TunnelEntry(vxlan, peer, IpAddress.parse("192.0.2.66")));
        world.kernel.tamperTake(NamespaceRef.HOST, new KernelKey.OfNeighbor(vxlan, IpAddress.parse("fd00:9::8")));
        world.kernel.tamperPut(NamespaceRef.HOST, new KernelObject.FloodEntry(vxlan, IpAddress.parse("192.0.2.2")));
        world.kernel.tamperTake(NamespaceRef.HOST, new KernelObject.FloodEntry(vxlan, IpAddress.parse("192.0.2.2")));
        world.kernel.tamperPut(
                NamespaceRef.HOST, new KernelObject.PortEntry(vxlan, MacAddress.parse("02:00:00:00:00:99")));
        world.kernel.tamperTake(
                NamespaceRef.HOST, new KernelObject.LinkAddress(bridge, InterfaceAddress.parse("10.9.0.1/24")));
        world.kernel.tamperTake(
                NamespaceRef.HOST, new KernelObject.FirewallElement(FirewallSet.INTRA, "\"wb-01\" . \"wb-01\""));
        world.kernel.tamperPut(
                NamespaceRef.HOST, new KernelObject.FirewallElement(FirewallSet.MASQUERADE4, "10.250.0.0/16"));
        world.kernel.tamperPut(NamespaceRef.HOST, new KernelObject.Sysctl("net/ipv4/ip_forward", "0"));
        world.kernel.tamperTake(BOX_A, new KernelKey.OfRoute(Cidr.parse("0.0.0.0/0")));
        link(world, NamespaceRef.HOST, "wb-01")
                .ifPresent(link -> world.kernel.tamperPut(NamespaceRef.HOST, down(link)));
        Golden.check("drift", PlanText.of(world.plan()));
        assertThat(world.settle().plan().isEmpty()).isTrue();
    }

    @Test
    void aDamagedFirewallIsReplacedAsAWhole() {
        World world = new World().want(BRIDGE).settle();
        world.kernel.tamperPut(NamespaceRef.HOST, KernelObject.FirewallTable.DAMAGED);
        Golden.check("firewall-damaged", PlanText.of(world.plan()));
    }

    @Test
    void aLostEndInTheSandboxMakesThePairAnew() {
        World world = new World().want(BRIDGE).settle();
        // Moved away or renamed: the host's end is still there.
        link(world, BOX_A, "eth0").ifPresent(link -> {
            world.kernel.tamperPut(BOX_A, withoutAlias(link));
            world.kernel.tamperTake(BOX_A, link.key());
        });
        assertThat(link(world, NamespaceRef.HOST, "vethe1000000000")).isPresent();
        Golden.check("lost-end", PlanText.of(world.plan()));
        assertThat(world.settle().plan().isEmpty()).isTrue();
    }

    @Test
    void aBridgeOfAnotherNetworkIsMadeAnewWithItsPorts() {
        World world = new World().want(BRIDGE).settle();
        link(world, NamespaceRef.HOST, "br-b1")
                .ifPresent(link -> world.kernel.tamperPut(NamespaceRef.HOST, withAlias(link, "weft:bridge:other")));
        Golden.check("bridge-replaced", PlanText.of(world.plan()));
    }

    @Test
    void whatBelongsToOthersIsNotTouched() {
        World world = new World().want(BRIDGE);
        ObservedLink foreign = foreign("br-b1", "bridge");
        ObservedLink theirs = foreign("docker0", "bridge");
        world.kernel.tamperPut(NamespaceRef.HOST, foreign);
        world.kernel.tamperPut(NamespaceRef.HOST, theirs);
        Golden.check("foreign-bridge", PlanText.of(world.plan()));
        world.settle().want().settle();
        assertThat(world.kernel.contents(NamespaceRef.HOST).values()).contains(foreign, theirs);
    }

    @Test
    void aForeignLinkInTheSandboxBlocksThePairAlone() {
        World world = new World().want(BRIDGE.subList(0, 3)).settle().want(BRIDGE);
        world.kernel.tamperPut(BOX_A, foreign("eth0", "veth"));
        Golden.check("foreign-in-sandbox", PlanText.of(world.plan()));
    }

    @Test
    void aLinkHalfMadeByADaemonThatDiedIsFinished() {
        World world = new World().want(BRIDGE).settle();
        link(world, NamespaceRef.HOST, "br-b1")
                .ifPresent(link -> world.kernel.tamperPut(NamespaceRef.HOST, withoutAlias(link)));
        assertThat(PlanText.of(world.plan()))
                .isEqualTo("link_settings\n  host: change link br-b1 [alias weft:bridge:" + Rows.id("b1") + "]\n");
    }

    @Test
    void theOrderOfRowsDoesNotMatter() {
        List<Row> rows = new ArrayList<>(DUAL_STACK);
        String expected = PlanText.of(new World().want(rows).plan());
        Random random = new Random(42);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(rows, random);
            assertThat(PlanText.of(new World().want(rows).plan())).isEqualTo(expected);
        }
    }

    @Test
    void aPlanForSomeObjectsIsThatPartOfTheWholePlan() {
        World world = new World().want(BRIDGE).settle().want(moreOnBridge());
        var observed = world.observed();
        List<ObjectRef> scope = world.desired().namespaces().stream()
                .flatMap(namespace -> world.desired().in(namespace).orElseThrow().keySet().stream()
                        .map(key -> new ObjectRef(namespace, key)))
                .filter(ref -> ref.key() instanceof KernelKey.OfLink
                        ? observed.get(ref).isEmpty()
                        : !observed.get(ref).equals(world.desired().get(ref)))
                .toList();
        assertThat(Planner.plan(world.desired(), observed, Removals.ALLOWED, scope))
                .isEqualTo(world.plan());
    }

    private static Optional<ObservedLink> link(World world, NamespaceRef namespace, String name) {
        return Optional.ofNullable(world.kernel.contents(namespace).get(new KernelKey.OfLink(new InterfaceName(name))))
                .map(ObservedLink.class::cast);
    }

    private static ObservedLink down(ObservedLink link) {
        return copy(link, link.alias(), ObservedLink.AdminState.DOWN);
    }

    private static ObservedLink withoutAlias(ObservedLink link) {
        return copy(link, "", link.state());
    }

    private static ObservedLink withAlias(ObservedLink link, String alias) {
        return copy(link, alias, link.state());
    }

    private static ObservedLink copy(ObservedLink link, String alias, ObservedLink.AdminState state) {
        return new ObservedLink(
                link.name(),
                link.index(),
                link.kindName(),
                link.owner(),
                alias,
                link.mac(),
                link.mtu(),
                link.master(),
                state,
                link.tunnel(),
                link.port());
    }

    private static ObservedLink foreign(String name, String kind) {
        return new ObservedLink(
                new InterfaceName(name),
                99,
                kind,
                ObservedLink.Owner.OTHERS,
                "",
                Optional.of(MacAddress.parse("0a:00:00:00:00:01")),
                1500,
                Optional.empty(),
                ObservedLink.AdminState.UP,
                Optional.empty(),
                Optional.empty());
    }
}
