package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.Mtu;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObservedLink;
import dev.weft.node.kernel.Operation;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkDriver;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.SubnetSpec;
import dev.weft.node.model.Uplink;
import dev.weft.node.testing.Golden;
import dev.weft.node.testing.PlanText;
import dev.weft.node.testing.Rows;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Plans for macvlan and ipvlan networks. */
class UplinkPlannerTest {

    private static final InterfaceName ETH1 = new InterfaceName("eth1");
    private static final NamespaceRef BOX = NamespaceRef.sandbox(Rows.id("5a"));

    private static NetworkRow network(NetworkDriver driver, Uplink uplink) {
        return new NetworkRow(
                Rows.id("4c"),
                1,
                "lan",
                driver,
                List.of(new SubnetSpec(
                        Cidr.parse("10.4.0.0/24"), Optional.of(IpAddress.parse("10.4.0.1")), Optional.empty())),
                Mtu.ETHERNET,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(uplink));
    }

    private static List<Row> rows(NetworkDriver driver, Uplink uplink, String gateway) {
        return List.of(
                network(driver, uplink),
                Rows.sandbox("5a"),
                new EndpointRow(
                        Rows.id("e1"),
                        3,
                        Rows.id("4c"),
                        Rows.id("5a"),
                        Optional.of(new InterfaceName("eth0")),
                        Optional.of(Rows.mac(IpAddress.parse("10.4.0.2"))),
                        List.of(InterfaceAddress.parse("10.4.0.2/24")),
                        List.of(IpAddress.parse(gateway)),
                        List.of()));
    }

    private static List<Row> macvlan(Uplink.Origin origin, LinkKind.Macvlan.Mode mode) {
        return rows(
                NetworkDriver.MACVLAN,
                new Uplink(ETH1, origin, new Uplink.Attachment.Macvlan(mode), Optional.empty()),
                "10.4.0.1");
    }

    private static ObservedLink hostLink(InterfaceName name, int index) {
        return new ObservedLink(
                name,
                index,
                "",
                ObservedLink.Owner.OTHERS,
                "",
                Optional.empty(),
                1500,
                Optional.empty(),
                ObservedLink.AdminState.UP,
                Optional.empty(),
                Optional.empty());
    }

    /** Opens the namespaces, then shows the plan for what remains, and that nothing remains when it is done. */
    private static String plan(World world) {
        for (Plan.Step step : world.plan().steps()) {
            if (step.operation() instanceof Operation.OpenNamespace) {
                var unused = world.kernel.execute(step.namespace(), List.of(step.operation()));
            }
        }
        String text = "# desired\n" + PlanText.of(world.desired()) + "\n# plan\n" + PlanText.of(world.plan());
        return text + "\n# plan when all that is done\n"
                + PlanText.of(world.settle().plan());
    }

    @Test
    void macvlanOnAHostInterface() {
        World world = new World().want(macvlan(new Uplink.Origin.Existing(), LinkKind.Macvlan.Mode.BRIDGE));
        world.kernel.tamperPut(NamespaceRef.HOST, hostLink(ETH1, 40));
        Golden.check("macvlan", plan(world));
    }

    @Test
    void ipvlanAtLayerThreeOnAVlanSubInterface() {
        InterfaceName sub = new InterfaceName("eth1.10");
        World world = new World()
                .want(rows(
                        NetworkDriver.IPVLAN,
                        new Uplink(
                                sub,
                                new Uplink.Origin.Vlan(ETH1, 10),
                                new Uplink.Attachment.Ipvlan(LinkKind.Ipvlan.Mode.L3, LinkKind.Ipvlan.Flag.BRIDGE),
                                Optional.of(new Mtu(1400))),
                        "0.0.0.0"));
        world.kernel.tamperPut(NamespaceRef.HOST, hostLink(ETH1, 40));
        Golden.check("ipvlan-l3-vlan", plan(world));
    }

    @Test
    void withoutAParentTheWireLeadsNowhere() {
        InterfaceName dummy = new InterfaceName("dm-4c0000000000");
        World world = new World()
                .want(rows(
                        NetworkDriver.MACVLAN,
                        new Uplink(
                                dummy,
                                new Uplink.Origin.Dummy(),
                                new Uplink.Attachment.Macvlan(LinkKind.Macvlan.Mode.BRIDGE),
                                Optional.empty()),
                        "10.4.0.1"));
        Golden.check("macvlan-dummy", plan(world));
        String removal = PlanText.of(world.want(List.of()).plan());
        assertThat(removal).contains("delete").contains("dm-4c0000000000");
    }

    @Test
    void aParentThatIsNotThereIsSaidAndNothingIsMadeForIt() {
        World world = new World().want(macvlan(new Uplink.Origin.Existing(), LinkKind.Macvlan.Mode.BRIDGE));
        world.settle();
        assertThat(world.plan().conflicts())
                .hasSize(2)
                .allMatch(conflict ->
                        conflict.problem().contains("the requested parent interface eth1 was not found on this host"));
        assertThat(world.kernel.contents(BOX)).doesNotContainKey(new KernelKey.OfLink(new InterfaceName("eth0")));
        world.kernel.tamperPut(NamespaceRef.HOST, hostLink(ETH1, 40));
        world.settle();
        assertThat(world.plan().steps()).isEmpty();
        assertThat(world.kernel.contents(BOX)).containsKey(new KernelKey.OfLink(new InterfaceName("eth0")));
    }

    @Test
    void aVlanSubInterfaceThatTheHostHasIsUsedAndStays() {
        InterfaceName sub = new InterfaceName("eth1.10");
        World world = new World()
                .want(rows(
                        NetworkDriver.MACVLAN,
                        new Uplink(
                                sub,
                                new Uplink.Origin.Vlan(ETH1, 10),
                                new Uplink.Attachment.Macvlan(LinkKind.Macvlan.Mode.BRIDGE),
                                Optional.empty()),
                        "10.4.0.1"));
        world.kernel.tamperPut(NamespaceRef.HOST, hostLink(sub, 41));
        world.settle();
        assertThat(world.plan().steps()).isEmpty();
        assertThat(world.plan().conflicts()).isEmpty();
        world.want(List.of()).settle();
        assertThat(world.kernel.contents(NamespaceRef.HOST)).containsKey(new KernelKey.OfLink(sub));
    }

    @Test
    void aLinkInAnotherModeIsMadeAnew() {
        World world = new World().want(macvlan(new Uplink.Origin.Existing(), LinkKind.Macvlan.Mode.BRIDGE));
        world.kernel.tamperPut(NamespaceRef.HOST, hostLink(ETH1, 40));
        world.settle();
        world.want(macvlan(new Uplink.Origin.Existing(), LinkKind.Macvlan.Mode.PRIVATE));
        assertThat(PlanText.of(world.plan())).contains("delete").contains("macvlan mode private on eth1");
        assertThat(world.settle().plan().steps()).isEmpty();
    }
}
