package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.bridge;
import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static dev.weft.controlplane.service.Replica.validateOnly;
import static dev.weft.controlplane.service.Replica.via;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.filter.Filter;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkOperationsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @SuppressWarnings("NullAway.Init") // set before each test
    private NetworkOperations networks;

    @BeforeEach
    void open() {
        store = SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        replica = Replica.over(store);
        networks = replica.services().networks();
    }

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    @Test
    void aNodesFirstRegistrationMakesItsNetworks() {
        assertThat(replica.node("a", "192.0.2.1").epoch()).isEqualTo(1);
        assertThat(replica.node("a", "192.0.2.1").epoch()).isEqualTo(2);

        assertThat(networks.list("a", List.of()).items().stream()
                        .map(network ->
                                network.value().name() + " " + network.value().driver()))
                .containsExactlyInAnyOrder("bridge bridge", "host host", "none null");
        assertThat(networks.get("bridge", "a", Optional.empty())
                        .network()
                        .value()
                        .subnets())
                .singleElement()
                .satisfies(subnet -> assertThat(subnet.cidr()).hasToString("172.17.0.0/16"));
    }

    @Test
    void aCreatedNetworkCanBeReadAtOnceWithItsRevision() {
        Versioned<Network> created = networks.create(call(), overlay("demo", "10.1.0.0/24"));

        assertThat(created.modRevision()).isEqualTo(store.revision());
        assertThat(networks.get("demo", "", Optional.empty()).network()).isEqualTo(created);
        assertThat(networks.get(created.value().id().value(), "", Optional.empty())
                        .network())
                .isEqualTo(created);
        assertThat(networks.get(created.value().id().shortId(), "", Optional.empty())
                        .network())
                .isEqualTo(created);
        assertThat(keys(Keys.leases(created.value().id())))
                .containsExactly(Keys.leases(created.value().id()) + "10.1.0.1");
    }

    @Test
    void deletingANetworkLeavesNothingOfIt() {
        List<String> before = keys("");
        networks.create(call(), overlay("demo", "10.1.0.0/24", "fd00:1::/64"));
        networks.delete(call(), "demo", "");

        assertThat(keys("")).isEqualTo(withSpaces(before, Keys.GLOBAL_SPACE));
        networks.create(call(), overlay("demo", "10.1.0.0/24"));
    }

    private static List<String> withSpaces(List<String> keys, String space) {
        return java.util.stream.Stream.concat(keys.stream(), java.util.stream.Stream.of(space))
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void aNameIsTakenOnceWhereverItIsSeen() {
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");
        networks.create(call(), bridge("one", "a"));
        networks.create(call(), bridge("one", "b"));
        networks.create(call(), overlay("two"));

        assertThat(Refusal.of(store, () -> networks.create(call(), bridge("one", "a")))
                        .reason())
                .isEqualTo(Reason.NAME_IN_USE);
        assertThat(Refusal.of(store, () -> networks.create(call(), overlay("one")))
                        .reason())
                .isEqualTo(Reason.NAME_IN_USE);
        assertThat(Refusal.of(store, () -> networks.create(call(), bridge("two", "a"))))
                .hasMessageContaining("network with name two already exists");
    }

    @Test
    void localAndGlobalSubnetsNeverOverlap() {
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");
        networks.create(call(), bridge("local", "a", "10.5.0.0/16"));
        networks.create(call(), bridge("other", "b", "10.5.0.0/16"));

        ServiceException refusal = Refusal.of(store, () -> networks.create(call(), overlay("wide", "10.5.1.0/24")));
        assertThat(refusal.reason()).isEqualTo(Reason.SUBNET_OVERLAP);
        assertThat(refusal.violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.field()).isEqualTo("subnets[0].cidr"));

        networks.create(call(), overlay("wide", "10.6.0.0/24"));
        assertThat(Refusal.of(store, () -> networks.create(call(), bridge("third", "a", "10.6.0.0/16")))
                        .reason())
                .isEqualTo(Reason.SUBNET_OVERLAP);
    }

    @Test
    void whichNodeIsMeantMustBeClear() {
        assertThat(Refusal.of(store, () -> networks.create(call(), bridge("x", "")))
                        .reason())
                .isEqualTo(Reason.NODE_REQUIRED);
        replica.node("a", "192.0.2.1");
        networks.create(call(), bridge("only", ""));
        replica.node("b", "192.0.2.2");

        assertThat(Refusal.of(store, () -> networks.create(call(), bridge("x", ""))))
                .hasMessageContaining("a, b");
        assertThat(networks.create(via("b"), bridge("x", "")).value().node()).contains(new NodeName("b"));
        assertThat(Refusal.of(store, () -> networks.create(call(), bridge("y", "c")))
                        .reason())
                .isEqualTo(Reason.NODE_NOT_FOUND);
    }

    @Test
    void referencesAreResolvedNearestFirst() {
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");

        assertThat(networks.get("bridge", "", Optional.of(new NodeName("b")))
                        .network()
                        .value()
                        .node())
                .contains(new NodeName("b"));
        ServiceException ambiguous = Refusal.of(store, () -> networks.get("bridge", "", Optional.empty()));
        assertThat(ambiguous.reason()).isEqualTo(Reason.AMBIGUOUS_REFERENCE);
        assertThat(ambiguous).hasMessageContaining("on node a").hasMessageContaining("on node b");
        assertThat(Refusal.of(store, () -> networks.get("nosuch", "", Optional.empty())))
                .hasMessage("network nosuch not found");
        networks.create(call(), bridge("far", "b"));
        assertThat(networks.get("far", "", Optional.of(new NodeName("a")))
                        .network()
                        .value()
                        .node())
                .contains(new NodeName("b"));
        assertThat(Refusal.of(store, () -> networks.get("far", "a", Optional.empty())))
                .hasMessage("network far not found on node a; there is one on node b");
    }

    @Test
    void aNetworkInUseAndAPredefinedOneStay() {
        replica.node("a", "192.0.2.1");
        networks.create(call(), overlay("demo"));
        replica.services().sandboxes().create(call(), sandbox("c1", "a", EndpointRequest.on("demo")), Duration.ZERO);

        ServiceException inUse = Refusal.of(store, () -> networks.delete(call(), "demo", ""));
        assertThat(inUse.reason()).isEqualTo(Reason.NETWORK_IN_USE);
        assertThat(inUse)
                .hasMessageStartingWith("error while removing network: network demo has active endpoints (name:\"c1\"");
        assertThat(Refusal.of(store, () -> networks.delete(call(), "bridge", "")))
                .hasMessage("bridge is a pre-defined network and cannot be removed");
    }

    @Test
    void pruneTakesWhatIsNotUsed() {
        replica.node("a", "192.0.2.1");
        networks.create(call(), overlay("used"));
        networks.create(call(), overlay("unused"));
        networks.create(call(), bridge("spare", "a"));
        replica.services().sandboxes().create(call(), sandbox("c1", "a", EndpointRequest.on("used")), Duration.ZERO);

        assertThat(names(networks.prune(validateOnly(), "", List.of()))).containsExactlyInAnyOrder("unused", "spare");
        assertThat(networks.list("", List.of(new Filter("name", "spare"))).items())
                .hasSize(1);
        assertThat(names(networks.prune(call(), "", List.of(new Filter("label", "nobody")))))
                .isEmpty();
        assertThat(names(networks.prune(call(), "", List.of()))).containsExactlyInAnyOrder("unused", "spare");
        assertThat(names(networks.prune(call(), "", List.of()))).isEmpty();
    }

    private static List<String> names(List<NetworkOperations.Deleted> deleted) {
        return deleted.stream().map(NetworkOperations.Deleted::name).toList();
    }

    @Test
    void validationAloneWritesNothing() {
        long before = store.revision();
        Versioned<Network> validated = networks.create(validateOnly(), overlay("demo"));

        assertThat(validated.value().subnets()).hasSize(1);
        assertThat(store.revision()).isEqualTo(before);
    }

    @Test
    void manyRestingAddressesOfADeletedNetworkAreSwept() {
        replica.node("a", "192.0.2.1");
        networks.create(call(), overlay("demo", "10.1.0.0/16"));
        for (int i = 0; i < 150; i++) {
            SandboxOperations sandboxes = replica.services().sandboxes();
            sandboxes.create(call(), sandbox("c" + i, "a", EndpointRequest.on("demo")), Duration.ZERO);
            sandboxes.delete(call(), "c" + i, Duration.ZERO);
        }
        assertThat(keys(Keys.RESTING)).hasSize(150);

        networks.delete(call(), "demo", "");
        assertThat(keys(Keys.RESTING)).isEmpty();
        assertThat(keys(Keys.LEASES)).hasSize(1);
    }

    @Test
    void addressesOfNetworksThatAreGoneAreSweptAndOthersStay() {
        Network kept = networks.create(call(), overlay("kept", "10.1.0.0/24")).value();
        NetworkId gone = new NetworkId("0".repeat(64));
        Transaction.Builder orphans = Transaction.builder();
        for (int i = 2; i < 100; i++) {
            orphans.put(
                    Keys.lease(gone, IpAddress.parse("10.2.0." + i)),
                    ModelCodec.LEASE.encode(new Lease(new Lease.Holder.Gateway(), Optional.empty(), Instant.EPOCH)));
        }
        store.commit(orphans.build());
        replica.services().housekeeping().removeOrphans(List.of());

        assertThat(keys(Keys.LEASES)).containsExactly(Keys.leases(kept.id()) + "10.1.0.1");
    }

    private List<String> keys(String prefix) {
        return store.list(prefix).entries().stream().map(Entry::key).toList();
    }
}
