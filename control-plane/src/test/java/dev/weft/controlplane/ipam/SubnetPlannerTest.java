package dev.weft.controlplane.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.AddressSpace;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Mtu;
import dev.weft.net.Vni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SubnetPlannerTest {

    private static final NodeName H1 = new NodeName("h1");
    private static final Scope LOCAL = new Scope.Local(H1);
    private static final Scope GLOBAL = new Scope.Global();
    private static final Occupied NOTHING = new Occupied(List.of(), List.of(), List.of());
    private static final SubnetWish ANY = new SubnetWish.Automatic(IpFamily.IPV4);
    private static final NetworkId OTHER = new NetworkId("a".repeat(64));

    private final SubnetPlanner planner = new SubnetPlanner(Pools.defaults("cluster"));

    private static UsedSubnet used(String cidr) {
        return new UsedSubnet(Cidr.parse(cidr), OTHER, Optional.empty());
    }

    private static Occupied occupied(String... cidrs) {
        return new Occupied(Arrays.stream(cidrs).map(SubnetPlannerTest::used).toList(), List.of(), List.of());
    }

    private SubnetPlan plan(Scope scope, Occupied occupied, SubnetWish... wishes) {
        return planner.plan(scope, List.of(wishes), new VniWish.None(), occupied);
    }

    private List<String> planned(Scope scope, Occupied occupied, SubnetWish... wishes) {
        SubnetPlan plan = plan(scope, occupied, wishes);
        assertThat(plan).isInstanceOf(SubnetPlan.Planned.class);
        return ((SubnetPlan.Planned) plan)
                .subnets().stream()
                        .map(subnet -> subnet.cidr() + " " + subnet.gateway().orElseThrow())
                        .toList();
    }

    private static SubnetWish.Explicit explicit(String cidr) {
        return new SubnetWish.Explicit(Cidr.parse(cidr), Cidr.parse(cidr), Optional.empty(), Map.of());
    }

    @Test
    void theDefaultBridgeAndTheFirstUserNetworkAreWhereUsersKnowThem() {
        assertThat(planned(LOCAL, NOTHING, ANY)).containsExactly("172.17.0.0/16 172.17.0.1");
        assertThat(planned(LOCAL, occupied("172.17.0.0/16"), ANY)).containsExactly("172.18.0.0/16 172.18.0.1");
        assertThat(planned(LOCAL, occupied("172.17.0.0/16", "172.18.0.0/16"), ANY))
                .containsExactly("172.19.0.0/16 172.19.0.1");
    }

    @Test
    void theFirstGapIsFilled() {
        assertThat(planned(LOCAL, occupied("172.19.0.0/16", "172.17.0.0/16", "172.20.0.0/16"), ANY))
                .containsExactly("172.18.0.0/16 172.18.0.1");
        assertThat(planned(LOCAL, occupied("172.17.0.0/16", "172.18.3.0/24"), ANY))
                .as("a block that is used in part is no gap")
                .containsExactly("172.19.0.0/16 172.19.0.1");
    }

    @Test
    void poolsOfOneNodeDoNotRunOutAfterThirtyNetworks() {
        List<UsedSubnet> used = new ArrayList<>();
        List<String> cidrs = new ArrayList<>();
        for (int i = 0; i < 1100; i++) {
            SubnetPlan plan = plan(LOCAL, new Occupied(used, List.of(), List.of()), ANY);
            assertThat(plan).as("network %d", i).isInstanceOf(SubnetPlan.Planned.class);
            Cidr cidr = ((SubnetPlan.Planned) plan).subnets().getFirst().cidr();
            assertThat(used).noneMatch(other -> other.cidr().overlaps(cidr));
            used.add(new UsedSubnet(cidr, OTHER, Optional.empty()));
            cidrs.add(cidr.toString());
        }
        assertThat(cidrs)
                .startsWith("172.17.0.0/16", "172.18.0.0/16", "172.19.0.0/16", "172.20.0.0/16")
                .containsSubsequence(
                        "172.31.0.0/16", "192.168.0.0/20", "192.168.240.0/20", "10.128.0.0/24", "10.128.1.0/24");
        assertThat(cidrs.indexOf("10.128.0.0/24")).as("after Docker's 31").isEqualTo(31);
    }

    @Test
    void globalNetworksAreCutFromTheOtherEndOfTen() {
        assertThat(planned(GLOBAL, NOTHING, ANY)).containsExactly("10.0.0.0/24 10.0.0.1");
        assertThat(planned(GLOBAL, occupied("10.0.0.0/24", "10.0.1.0/25"), ANY))
                .containsExactly("10.0.2.0/24 10.0.2.1");
    }

    @Test
    void ipv6ComesFromTheClustersOwnPrefix() {
        SubnetWish any6 = new SubnetWish.Automatic(IpFamily.IPV6);
        Cidr base = Pools.uniqueLocal("cluster");
        assertThat(base.prefixLength()).isEqualTo(48);
        assertThat(Cidr.parse("fd00::/8").contains(base)).isTrue();
        assertThat(Pools.uniqueLocal("another")).isNotEqualTo(base);
        for (Scope scope : List.of(LOCAL, GLOBAL)) {
            SubnetPlan plan = plan(scope, NOTHING, ANY, any6, any6);
            List<Subnet> subnets = ((SubnetPlan.Planned) plan).subnets();
            assertThat(subnets.get(1).cidr()).isEqualTo(new Cidr(base.first(), 64));
            assertThat(subnets.get(1).gateway()).contains(base.first().plus(1));
            assertThat(base.contains(subnets.get(2).cidr())).isTrue();
            assertThat(subnets.get(2).cidr()).isNotEqualTo(subnets.get(1).cidr());
        }
    }

    @Test
    void hostRoutesAndTunnelsRepelAutomaticChoiceOnly() {
        Occupied hosts = new Occupied(
                List.of(),
                List.of(Cidr.parse("172.17.0.0/16"), Cidr.parse("172.18.200.0/24"), Cidr.parse("0.0.0.0/0")),
                List.of(IpAddress.parse("172.19.3.4")));
        assertThat(planned(LOCAL, hosts, ANY)).containsExactly("172.20.0.0/16 172.20.0.1");
        assertThat(planned(LOCAL, hosts, explicit("172.18.0.0/16")))
                .as("who names a subnet means it")
                .containsExactly("172.18.0.0/16 172.18.0.1");
        assertThat(plan(LOCAL, hosts, explicit("172.19.0.0/16")))
                .isEqualTo(new SubnetPlan.CoversVtep(0, Cidr.parse("172.19.0.0/16"), IpAddress.parse("172.19.3.4")));
    }

    @Test
    void anOverlapNamesTheOtherNetwork() {
        for (String wanted : List.of("10.1.0.0/24", "10.1.0.0/16", "10.1.0.128/25", "10.0.0.0/8")) {
            assertThat(plan(
                            LOCAL,
                            occupied("192.168.0.0/20", "10.1.0.0/24"),
                            explicit("10.9.0.0/24"),
                            explicit(wanted)))
                    .isEqualTo(new SubnetPlan.Overlaps(1, Cidr.parse(wanted), used("10.1.0.0/24")));
        }
    }

    @Test
    void anyOfASize() {
        SubnetWish of24 = new SubnetWish.OfSize(IpFamily.IPV4, 24);
        assertThat(planned(LOCAL, occupied("172.17.0.0/16"), of24)).containsExactly("172.18.0.0/24 172.18.0.1");
        assertThat(planned(GLOBAL, NOTHING, new SubnetWish.OfSize(IpFamily.IPV4, 28), of24))
                .containsExactly("10.0.0.0/28 10.0.0.1", "10.0.1.0/24 10.0.1.1");
        assertThat(plan(LOCAL, NOTHING, new SubnetWish.OfSize(IpFamily.IPV4, 8)))
                .isEqualTo(new SubnetPlan.NoSuchSize(0, IpFamily.IPV4, 8));
        assertThat(plan(LOCAL, NOTHING, new SubnetWish.OfSize(IpFamily.IPV6, 40)))
                .isEqualTo(new SubnetPlan.NoSuchSize(0, IpFamily.IPV6, 40));
    }

    @Test
    void explicitWishesComeBeforeAutomaticOnes() {
        assertThat(planned(GLOBAL, NOTHING, ANY, explicit("10.0.0.0/24")))
                .containsExactly("10.0.1.0/24 10.0.1.1", "10.0.0.0/24 10.0.0.1");
    }

    @Test
    void usedUpPoolsAreSaid() {
        SubnetPlanner small = new SubnetPlanner(new Pools(List.of(Pool.of("10.9.0.0/30", 31)), List.of()));
        assertThat(small.plan(LOCAL, List.of(ANY, ANY), new VniWish.None(), NOTHING))
                .isInstanceOf(SubnetPlan.Planned.class);
        assertThat(small.plan(LOCAL, List.of(ANY, ANY, ANY), new VniWish.None(), NOTHING))
                .isEqualTo(new SubnetPlan.PoolsExhausted(2, IpFamily.IPV4));
        assertThat(small.plan(LOCAL, List.of(ANY), new VniWish.None(), occupied("10.0.0.0/8")))
                .isEqualTo(new SubnetPlan.PoolsExhausted(0, IpFamily.IPV4));
        assertThat(small.plan(GLOBAL, List.of(ANY), new VniWish.None(), NOTHING))
                .isEqualTo(new SubnetPlan.PoolsExhausted(0, IpFamily.IPV4));
    }

    @Test
    void theGatewayIsTheLowestOfTheRangeThatIsNotAuxiliary() {
        Cidr cidr = Cidr.parse("10.1.0.0/24");
        SubnetWish inRange = new SubnetWish.Explicit(
                cidr,
                Cidr.parse("10.1.0.128/25"),
                Optional.empty(),
                Map.of("a", IpAddress.parse("10.1.0.128"), "b", IpAddress.parse("10.1.0.129")));
        assertThat(planned(LOCAL, NOTHING, inRange)).containsExactly("10.1.0.0/24 10.1.0.130");
        SubnetWish given = new SubnetWish.Explicit(cidr, cidr, Optional.of(IpAddress.parse("10.1.0.254")), Map.of());
        assertThat(planned(LOCAL, NOTHING, given)).containsExactly("10.1.0.0/24 10.1.0.254");
        SubnetWish none = new SubnetWish.Explicit(
                cidr, Cidr.parse("10.1.0.9/32"), Optional.empty(), Map.of("a", IpAddress.parse("10.1.0.9")));
        assertThat(plan(LOCAL, NOTHING, none)).isEqualTo(new SubnetPlan.NoGateway(0, cidr));
        assertThat(planned(LOCAL, NOTHING, explicit("10.1.0.0/31"))).containsExactly("10.1.0.0/31 10.1.0.0");
    }

    @Test
    void identifiersFollowTheHighestAndThenFillUp() {
        assertThat(vnis(new VniWish.Automatic(), 2)).containsExactly(4096, 4097);
        assertThat(vnis(new VniWish.Automatic(), 1, 5000)).containsExactly(5001);
        assertThat(vnis(new VniWish.Automatic(), 1, 7))
                .as("a low one of a user's")
                .containsExactly(4096);
        assertThat(vnis(new VniWish.Automatic(), 3, Vni.MAX - 1, 4097)).containsExactly(Vni.MAX, 4096, 4098);
        assertThat(vnis(new VniWish.Explicit(List.of(new Vni(9), new Vni(4))), 2, 5))
                .containsExactly(9, 4);
        assertThat(planVnis(new VniWish.Explicit(List.of(new Vni(5))), 1, 5))
                .isEqualTo(new SubnetPlan.VniInUse(new Vni(5), OTHER));
    }

    private List<Integer> vnis(VniWish wish, int count, int... used) {
        return ((SubnetPlan.Planned) planVnis(wish, count, used))
                .subnets().stream()
                        .map(subnet -> subnet.vni().orElseThrow().value())
                        .toList();
    }

    private SubnetPlan planVnis(VniWish wish, int count, int... used) {
        List<UsedSubnet> subnets = Arrays.stream(used)
                .mapToObj(vni -> new UsedSubnet(Cidr.parse("10.77.0.0/24"), OTHER, Optional.of(new Vni(vni))))
                .toList();
        List<SubnetWish> wishes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            wishes.add(ANY);
        }
        return planner.plan(GLOBAL, wishes, wish, new Occupied(subnets, List.of(), List.of()));
    }

    @Test
    void whatIsOccupiedDependsOnTheScope() {
        AddressSpace global = new AddressSpace(List.of(used("10.0.0.0/24")));
        Map<NodeName, AddressSpace> local = Map.of(
                H1,
                new AddressSpace(List.of(used("172.17.0.0/16"))),
                new NodeName("h2"),
                new AddressSpace(List.of(used("172.18.0.0/16"))));
        List<Node> nodes = List.of(node("h1", "192.0.2.1", "10.128.0.0/24"), node("h2", "192.0.2.2", "10.0.1.0/24"));
        Occupied forLocal = Occupied.of(LOCAL, global, local, nodes);
        assertThat(forLocal.subnets()).containsExactlyInAnyOrder(used("10.0.0.0/24"), used("172.17.0.0/16"));
        assertThat(forLocal.hostRoutes()).containsExactly(Cidr.parse("10.128.0.0/24"));
        Occupied forGlobal = Occupied.of(GLOBAL, global, local, nodes);
        assertThat(forGlobal.subnets()).hasSize(3);
        assertThat(forGlobal.hostRoutes()).hasSize(2);
        assertThat(forGlobal.vteps()).isEqualTo(forLocal.vteps()).hasSize(2);
    }

    private static Node node(String name, String vtep, String route) {
        return new Node(
                new NodeName(name),
                1,
                new Node.Facts(
                        IpAddress.parse(vtep),
                        Mtu.ETHERNET,
                        name,
                        "6.18",
                        "0.1",
                        List.of(),
                        List.of(Cidr.parse(route)),
                        Map.of()),
                Fixtures.THEN);
    }

    /** Random spaces: a choice never overlaps anything, and is the lowest block that does not. */
    @Test
    void automaticChoiceIsTheLowestFreeBlock() {
        Pool pool = Pool.of("10.64.0.0/22", 26);
        SubnetPlanner small = new SubnetPlanner(new Pools(List.of(pool), List.of()));
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            List<UsedSubnet> used = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                IpAddress address = pool.base().first().plus(random.nextInt(-64, 1100));
                used.add(new UsedSubnet(Cidr.containing(address, random.nextInt(24, 33)), OTHER, Optional.empty()));
            }
            Optional<Cidr> expected = java.util.stream.IntStream.range(0, 16)
                    .mapToObj(i -> new Cidr(pool.base().first().plus(i * 64L), 26))
                    .filter(block ->
                            used.stream().noneMatch(other -> other.cidr().overlaps(block)))
                    .findFirst();
            SubnetPlan plan =
                    small.plan(LOCAL, List.of(ANY), new VniWish.None(), new Occupied(used, List.of(), List.of()));
            Optional<Cidr> chosen = plan instanceof SubnetPlan.Planned(List<Subnet> subnets)
                    ? Optional.of(subnets.getFirst().cidr())
                    : Optional.empty();
            assertThat(chosen).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void macAddressesAreLocalUnicastAndNeverAGateways() {
        Random random = new Random(1);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            var mac = MacAddresses.random(random.nextLong());
            assertThat(mac.isMulticast()).isFalse();
            assertThat(mac.toBytes()[0] & 0x07).isEqualTo(0x02);
            seen.add(mac.value());
        }
        assertThat(seen).hasSize(10_000);
        var gateway = MacAddresses.gateway(OTHER);
        assertThat(gateway).isEqualTo(MacAddresses.gateway(OTHER));
        assertThat(gateway).isNotEqualTo(MacAddresses.gateway(new NetworkId("b".repeat(64))));
        assertThat(gateway.toBytes()[0] & 0x07).isEqualTo(0x06);
    }
}
