package dev.weft.controlplane.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The watcher itself: it sees what it is there to see. */
final class LeaseInvariantsTest {

    private static final Network NETWORK = Fixtures.overlay("net", "10.1.0.0/29");
    private static final IpAddress ADDRESS = IpAddress.parse("10.1.0.2");

    private final LeaseInvariants<String> invariants = new LeaseInvariants<>();

    private List<String> check(Map<IpAddress, String> leases) {
        return check(leases, Map.of());
    }

    private List<String> check(Map<IpAddress, String> leases, Map<IpAddress, Versioned<RestingAddress>> resting) {
        return invariants.check(NETWORK, leases, resting, Fixtures.THEN, Duration.ofSeconds(120));
    }

    @Test
    void anOrderlyHistoryIsFine() {
        invariants.granted("a", ADDRESS);
        invariants.releasing("a");
        // The release may be through before its caller knows.
        invariants.granted("b", ADDRESS);
        invariants.released("a");
        assertThat(check(Map.of(ADDRESS, "b"))).isEmpty();
    }

    @Test
    void twoHolders() {
        invariants.granted("a", ADDRESS);
        invariants.granted("b", ADDRESS);
        invariants.releasing("a");
        invariants.released("a");
        assertThat(check(Map.of(ADDRESS, "b"))).singleElement().asString().contains("granted to b while a holds it");
    }

    @Test
    void aLeaseThatNobodyKnowsOf() {
        assertThat(check(Map.of(ADDRESS, "a"))).singleElement().asString().contains("the address is lost");
    }

    @Test
    void anAddressWithoutLease() {
        invariants.granted("a", ADDRESS);
        assertThat(check(Map.of())).singleElement().asString().contains("held by a without a lease");
    }

    @Test
    void leasedAndRestingAtOnce() {
        invariants.granted("a", ADDRESS);
        var rest = new Versioned<>(new RestingAddress(new EndpointId("0".repeat(64)), Fixtures.THEN), 1);
        assertThat(check(Map.of(ADDRESS, "a"), Map.of(ADDRESS, rest)))
                .singleElement()
                .asString()
                .contains("leased and rests at once");
    }
}
