package dev.weft.controlplane.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.ipam.LeaseFacts.Presence;
import dev.weft.controlplane.ipam.Suspicion.Proof;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Fallback;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Versioned;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every combination of what is stored and what the node says. */
final class LeakDetectorTest {

    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
    private static final Duration GRACE = Duration.ofMinutes(15);
    private static final NetworkId NETWORK = new NetworkId("1".repeat(64));
    private static final EndpointId ID = new EndpointId("2".repeat(64));
    private static final NodeName NODE = new NodeName("a");
    private static final IpAddress ADDRESS = IpAddress.parse("10.9.0.2");
    private static final long REVISION = 40;

    private static final List<NodeAnswer> ANSWERS = List.of(
            new NodeAnswer.Holds(0),
            new NodeAnswer.Holds(REVISION),
            new NodeAnswer.HoldsNot(),
            new NodeAnswer.NotYet(),
            new NodeAnswer.Silent(NOW.minusSeconds(1)),
            new NodeAnswer.Silent(NOW.minus(GRACE)));

    private static Endpoint endpoint(String address) {
        return endpoint(address, List.of());
    }

    private static Endpoint endpoint(String address, List<IpAddress> linkLocal) {
        return new Endpoint(
                ID,
                NETWORK,
                new SandboxId("3".repeat(64)),
                NODE,
                NOW,
                Optional.of(new Endpoint.Link(
                        new InterfaceName("eth0"),
                        Optional.of(MacAddress.parse("02:00:00:00:00:01")),
                        List.of(InterfaceAddress.parse(address)),
                        linkLocal)),
                List.of(),
                Map.of(),
                0);
    }

    private static LeaseFacts facts(Optional<Endpoint> endpoint, Presence sandbox, Presence node) {
        return new LeaseFacts(
                NETWORK,
                ADDRESS,
                new Lease(new Lease.Holder.OfEndpoint(ID), Optional.of(NODE), NOW),
                endpoint.map(found -> new Versioned<>(found, REVISION)),
                sandbox,
                node);
    }

    private static Optional<Suspicion> judge(LeaseFacts facts, NodeAnswer answer) {
        return LeakDetector.judge(facts, answer, NOW, GRACE);
    }

    private static List<Boolean> proven(LeaseFacts facts) {
        List<Boolean> proven = new ArrayList<>();
        ANSWERS.forEach(answer -> proven.add(judge(facts, answer).orElseThrow().proof() instanceof Proof.Proven));
        return proven;
    }

    @Test
    void anAddressOfTheLinkAloneIsInUseToo() {
        LeaseFacts wanted =
                facts(Optional.of(endpoint("10.9.0.7/24", List.of(ADDRESS))), Presence.STORED, Presence.STORED);
        assertThat(judge(wanted, new NodeAnswer.Holds(REVISION))).isEmpty();
    }

    @Test
    void aWantedEndpointIsSuspectOnlyWhereItsNodeSaysThatItHasItNot() {
        LeaseFacts wanted = facts(Optional.of(endpoint("10.9.0.2/24")), Presence.STORED, Presence.STORED);
        for (NodeAnswer answer : ANSWERS) {
            if (answer instanceof NodeAnswer.HoldsNot) {
                assertThat(judge(wanted, answer).orElseThrow().reason()).isEqualTo(LeakReason.NOT_ON_NODE);
            } else {
                assertThat(judge(wanted, answer)).as("%s", answer).isEmpty();
            }
        }
    }

    @Test
    void anEndpointThatHasFallenBackKeepsItsAddressThoughNoNodeHasIt() {
        Endpoint endpoint = endpoint("10.9.0.2/24");
        Fallback fallen = Fallback.of(List.of(Fallback.Kind.NONE))
                .fall(new Fallback.Fallen(Fallback.Kind.NONE, "no parent", NOW));
        LeaseFacts facts = facts(Optional.of(endpoint.with(endpoint.link(), fallen)), Presence.STORED, Presence.STORED);
        ANSWERS.forEach(
                answer -> assertThat(judge(facts, answer)).as("%s", answer).isEmpty());
    }

    @Test
    void withoutEndpointOrSandboxTheNodeDecides() {
        List<Boolean> expected = List.of(false, false, true, false, false, true);
        LeaseFacts noEndpoint = facts(Optional.empty(), Presence.GONE, Presence.STORED);
        assertThat(proven(noEndpoint)).isEqualTo(expected);
        assertThat(judge(noEndpoint, ANSWERS.getFirst()).orElseThrow().reason()).isEqualTo(LeakReason.NO_ENDPOINT);
        LeaseFacts noSandbox = facts(Optional.of(endpoint("10.9.0.2/24")), Presence.GONE, Presence.STORED);
        assertThat(proven(noSandbox)).isEqualTo(expected);
        assertThat(judge(noSandbox, ANSWERS.getFirst()).orElseThrow().reason()).isEqualTo(LeakReason.NO_SANDBOX);
    }

    @Test
    void anotherAddressIsProvenByANodeThatHasTheEndpointAsItIsStored() {
        LeaseFacts other = facts(Optional.of(endpoint("10.9.0.3/24")), Presence.STORED, Presence.STORED);
        assertThat(proven(other)).containsExactly(false, true, true, false, false, true);
        assertThat(judge(other, ANSWERS.getFirst()).orElseThrow().reason()).isEqualTo(LeakReason.ADDRESS_UNUSED);
    }

    @Test
    void aNodeThatIsNotRegisteredHoldsNothing() {
        assertThat(proven(facts(Optional.empty(), Presence.GONE, Presence.GONE)))
                .containsOnly(true);
        LeaseFacts noNode = facts(Optional.of(endpoint("10.9.0.2/24")), Presence.STORED, Presence.GONE);
        assertThat(proven(noNode)).containsOnly(true);
        assertThat(judge(noNode, ANSWERS.getFirst()).orElseThrow().reason()).isEqualTo(LeakReason.NO_NODE);
    }

    @Test
    void aSuspicionStandsOnlyWhileEachLookFindsItAndTheLeaseIsTheSame() {
        LeaseFacts facts = facts(Optional.empty(), Presence.GONE, Presence.STORED);
        Suspicion suspicion = judge(facts, new NodeAnswer.HoldsNot()).orElseThrow();
        Duration second = Duration.ofSeconds(60);
        LeakSightings first = LeakSightings.NONE.after(List.of(suspicion), NOW, 50);
        assertThat(first.due(NOW, second)).isEmpty();
        Instant later = NOW.plus(second);
        assertThat(first.after(List.of(suspicion), later, 60).due(later, second))
                .singleElement()
                .satisfies(sighting -> {
                    assertThat(sighting.firstSeen()).isEqualTo(NOW);
                    assertThat(sighting.firstRevision()).isEqualTo(50);
                });
        assertThat(first.after(List.of(), NOW, 55)
                        .after(List.of(suspicion), later, 60)
                        .due(later, second))
                .isEmpty();
        LeaseFacts anew = new LeaseFacts(
                NETWORK,
                ADDRESS,
                new Lease(facts.lease().holder(), Optional.of(NODE), NOW.plusSeconds(1)),
                Optional.empty(),
                Presence.GONE,
                Presence.STORED);
        assertThat(first.after(List.of(judge(anew, new NodeAnswer.HoldsNot()).orElseThrow()), later, 60)
                        .due(later, second))
                .isEmpty();
    }

    @Test
    void useCountsWhatAutomaticChoiceCanHandOut() {
        Subnet subnet = new Subnet(
                Cidr.parse("10.9.0.0/24"),
                Cidr.parse("10.9.0.0/28"),
                Optional.of(IpAddress.parse("10.9.0.1")),
                Map.of("router", IpAddress.parse("10.9.0.200")),
                Optional.empty());
        Lease lease = new Lease(new Lease.Holder.OfEndpoint(ID), Optional.of(NODE), NOW);
        Lease own = new Lease(new Lease.Holder.Gateway(), Optional.empty(), NOW);
        SubnetUse use = SubnetUse.of(
                subnet,
                Map.of(
                        IpAddress.parse("10.9.0.1"), own,
                        IpAddress.parse("10.9.0.200"), own,
                        IpAddress.parse("10.9.0.2"), lease,
                        IpAddress.parse("10.9.0.100"), lease,
                        IpAddress.parse("10.8.0.2"), lease),
                Map.of(
                        IpAddress.parse("10.9.0.3"), rest(NOW),
                        IpAddress.parse("10.9.0.4"), rest(NOW.minusSeconds(120))),
                NOW.minusSeconds(120));
        assertThat(use.usable()).as("16 less network and gateway").isEqualTo(BigInteger.valueOf(14));
        assertThat(use.leased()).isEqualTo(2);
        assertThat(use.reserved()).isEqualTo(2);
        assertThat(use.resting()).isEqualTo(1);
        assertThat(use.free()).isEqualTo(BigInteger.valueOf(12));
        assertThat(use.usedPercent()).isBetween(14.2, 14.3);
    }

    private static Versioned<RestingAddress> rest(Instant since) {
        return new Versioned<>(new RestingAddress(ID, since), 1);
    }
}
