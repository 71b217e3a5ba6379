package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.at;
import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.BandwidthRequest;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses that are kept for a sandbox which goes and comes again. */
final class RetentionTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final String MAC = "02:00:00:00:00:77";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @BeforeEach
    void open() {
        store = SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        replica = Replica.over(store, clock);
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");
        replica.services().networks().create(call(), overlay("demo", "10.1.0.0/29", "fd00:1::/64"));
    }

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    private static EndpointRequest retained(String mac) {
        return new EndpointRequest(
                "demo",
                "",
                "",
                mac,
                List.of(),
                Map.of(),
                0,
                List.of(),
                BandwidthRequest.UNLIMITED,
                Optional.of(DAY),
                List.of());
    }

    private Endpoint.Link create(String name, String node, EndpointRequest endpoint) {
        return replica.services()
                .sandboxes()
                .create(call(), sandbox(name, node, endpoint), Duration.ZERO)
                .endpoints()
                .getFirst()
                .endpoint()
                .value()
                .link()
                .orElseThrow();
    }

    private void delete(String name) {
        replica.services().sandboxes().delete(call(), name, Duration.ZERO);
    }

    private Map<IpAddress, RestingAddress.Retention> shown() {
        return replica.services().networks().get("demo", "", Optional.empty()).retained();
    }

    @Test
    void itComesBackWithItsAddressesAndItsMacOnWhateverNode() {
        Endpoint.Link first = create("web", "a", retained(MAC));
        assertThat(shown()).as("nothing is kept of one that is there").isEmpty();
        delete("web");
        assertThat(shown().keySet()).containsExactly(IpAddress.parse("10.1.0.2"), IpAddress.parse("fd00:1::2"));
        assertThat(shown().values()).allSatisfy(retention -> {
            assertThat(retention.sandboxName()).isEqualTo("web");
            assertThat(retention.until()).isEqualTo(clock.instant().plus(DAY));
            assertThat(retention.mac()).contains(MacAddress.parse(MAC));
        });
        clock.advance(DAY.minusSeconds(1));
        Endpoint.Link other = create("other", "a", EndpointRequest.on("demo"));
        assertThat(other.addresses()).doesNotContainAnyElementsOf(first.addresses());
        assertThat(create("web", "b", EndpointRequest.on("demo"))).isEqualTo(first);
        assertThat(shown()).as("it ends when it is taken").isEmpty();

        delete("web");
        assertThat(shown()).as("the second one did not ask for it").isEmpty();
    }

    @Test
    void disconnectingKeepsThemToo() {
        Endpoint.Link first = create("web", "a", retained(""));
        replica.services().endpoints().delete(call(), "web", "demo", EndpointOperations.IfGone.REFUSE, Duration.ZERO);
        create("other", "a", EndpointRequest.on("demo"));
        Endpoint.Link again = replica.services()
                .endpoints()
                .create(call(), "web", EndpointRequest.on("demo"), Duration.ZERO)
                .endpoint()
                .value()
                .link()
                .orElseThrow();
        assertThat(again).isEqualTo(first);
    }

    @Test
    void nobodyElseGetsThemByChoiceOrByName() {
        create("web", "a", retained(""));
        delete("web");
        ServiceException refusal = Refusal.of(store, () -> create("thief", "a", at("demo", "10.1.0.2")));
        assertThat(refusal.reason()).isEqualTo(Reason.ADDRESS_IN_USE);
        assertThat(refusal).hasMessageContaining("is kept for a sandbox named web until");
        assertThat(refusal.violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.field()).isEqualTo("endpoints[0].ipv4_address"));
        for (int i = 0; i < 4; i++) {
            create("s" + i, "a", EndpointRequest.on("demo"));
        }
        assertThat(Refusal.of(store, () -> create("last", "a", EndpointRequest.on("demo")))
                        .reason())
                .as("not even when nothing else is left")
                .isEqualTo(Reason.ADDRESSES_EXHAUSTED);
        create("web", "a", at("demo", "10.1.0.2"));
    }

    @Test
    void itEndsWithItsTime() {
        create("web", "a", retained(""));
        delete("web");
        replica.services().housekeeping().removeFinishedRests(List.of());
        clock.advance(DAY.minusSeconds(1));
        replica.services().housekeeping().removeFinishedRests(List.of());
        assertThat(shown()).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(shown()).isEmpty();
        assertThat(create("thief", "a", at("demo", "10.1.0.2")).addresses())
                .extracting(Object::toString)
                .containsExactly("10.1.0.2/29", "fd00:1::2/64");
    }

    @Test
    void housekeepingForgetsItThen() {
        create("web", "a", retained(""));
        delete("web");
        clock.advance(DAY.plusSeconds(1));
        replica.services().housekeeping().removeFinishedRests(List.of());
        assertThat(store.list(Keys.RESTING).entries()).isEmpty();
    }

    @Test
    void itEndsWithTheNetwork() {
        create("web", "a", retained(""));
        delete("web");
        replica.services().networks().delete(call(), "demo", "");
        assertThat(store.list(Keys.RESTING).entries()).isEmpty();
    }

    @Test
    void aMacThatAnotherHasByThenIsNotGivenTwice() {
        create("web", "a", retained(MAC));
        delete("web");
        create("other", "a", new EndpointRequest("demo", "", "", MAC, List.of(), Map.of(), 0));
        assertThat(create("web", "a", EndpointRequest.on("demo")).mac())
                .isNotEqualTo(Optional.of(MacAddress.parse(MAC)));
    }
}
