package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.at;
import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.sandbox;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.Choice;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.admission.NetworkRequest;
import dev.weft.controlplane.admission.SubnetRequest;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.IpFamily;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of which each address is chosen behind the one before, whoever chooses. */
final class SerialChoiceTest {

    /** Longer than any rest: a plain network would hand the lowest address out again. */
    private static final Duration LONG = Duration.ofHours(1);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
    private final InstantSource time = now::get;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @BeforeEach
    void open() {
        store = SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        replica = Replica.over(store, clock());
        replica.node("a", "192.0.2.1");
        replica.services().networks().create(call(), network("serial", Map.of(NetworkOptions.SERIAL, "true")));
        replica.services().networks().create(call(), network("plain", Map.of()));
    }

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    private Clock clock() {
        return time.withZone(ZoneOffset.UTC);
    }

    private static NetworkRequest network(String name, Map<String, String> ipamOptions) {
        return new NetworkRequest(
                name,
                "bridge",
                "a",
                NetworkRequest.RequestedScope.UNSET,
                Choice.UNSET,
                Choice.ON,
                List.of(SubnetRequest.of("0.0.0.0/29"), SubnetRequest.of("::/64")),
                "",
                ipamOptions,
                Set.of(),
                Map.of(),
                Map.of());
    }

    /** Joins, leaves, and a long time passes; the last octet of the address that it had. */
    private int passBy(Replica through, EndpointRequest request) {
        SandboxOperations sandboxes = through.services().sandboxes();
        var created = sandboxes.create(call(), sandbox("c", "a", request), Duration.ZERO);
        var endpoint = through.state()
                .read(view -> view.endpointsIn(created.sandbox().value().id()))
                .iterator()
                .next()
                .value();
        sandboxes.delete(call(), "c", Duration.ZERO);
        now.updateAndGet(instant -> instant.plus(LONG));
        through.services().housekeeping().removeFinishedRests(List.of());
        byte[] bytes = endpoint.link()
                .orElseThrow()
                .address(IpFamily.IPV4)
                .orElseThrow()
                .address()
                .toBytes();
        return bytes[3] & 7;
    }

    private List<Integer> passBy(int times, String network) {
        return IntStream.range(0, times)
                .map(_ -> passBy(replica, EndpointRequest.on(network)))
                .boxed()
                .toList();
    }

    @Test
    void eachGetsTheNextAndBehindTheLastTheFirst() {
        assertThat(passBy(7, "serial")).containsExactly(2, 3, 4, 5, 6, 2, 3);
        assertThat(passBy(3, "plain")).containsExactly(2, 2, 2);
    }

    @Test
    void anotherControlPlaneGoesOnWhereTheFirstWas() {
        assertThat(passBy(2, "serial")).containsExactly(2, 3);
        try (Replica other = Replica.over(store, clock())) {
            other.node("a", "192.0.2.1");
            assertThat(passBy(other, EndpointRequest.on("serial"))).isEqualTo(4);
        }
        replica.close();
        replica = Replica.over(store, clock());
        replica.node("a", "192.0.2.1");
        assertThat(passBy(1, "serial")).containsExactly(5);
    }

    @Test
    void anAddressThatIsNamedDoesNotMoveTheChoice() {
        assertThat(passBy(1, "serial")).containsExactly(2);
        String subnet = replica.state()
                .read(view -> view.networks().stream()
                        .filter(network -> network.value().name().equals("serial"))
                        .findFirst()
                        .orElseThrow()
                        .value()
                        .subnets()
                        .getFirst()
                        .cidr()
                        .first()
                        .plus(6)
                        .toString());
        assertThat(passBy(replica, at("serial", subnet))).isEqualTo(6);
        assertThat(passBy(1, "serial")).containsExactly(3);
    }

    @Test
    void whereItWasGoesWithTheNetwork() {
        passBy(2, "serial");
        replica.services().networks().delete(call(), "serial", "a");
        replica.services().networks().create(call(), network("serial", Map.of(NetworkOptions.SERIAL, "true")));
        assertThat(passBy(1, "serial")).containsExactly(2);
        replica.services().networks().delete(call(), "serial", "a");
        assertThat(store.list(Keys.MEMBERS).entries()).isEmpty();
    }
}
