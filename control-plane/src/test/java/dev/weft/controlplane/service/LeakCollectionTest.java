package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.ipam.LeakReason;
import dev.weft.controlplane.ipam.NodeAnswer;
import dev.weft.controlplane.ipam.Suspicion.Proof;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases that nobody needs are seen, shown, and released after a second look; those in use never are. */
final class LeakCollectionTest {

    private static final IpAddress LEAKED = IpAddress.parse("10.9.0.77");
    private static final EndpointId NOBODY = new EndpointId("e".repeat(64));
    private static final NodeName NODE = new NodeName("a");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-26T10:00:00Z"));
    private final InstantSource time = now::get;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Interleaved store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @SuppressWarnings("NullAway.Init") // set before each test
    private NetworkId network;

    @BeforeEach
    void open() {
        store = new Interleaved(SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH)));
        replica = Replica.over(store, time.withZone(ZoneOffset.UTC));
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");
        network = replica.services()
                .networks()
                .create(call(), overlay("demo", "10.9.0.0/24"))
                .value()
                .id();
        answer(new NodeAnswer.Holds(1));
    }

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    private void answer(NodeAnswer answer) {
        replica.status().answer((_, _, _) -> answer);
    }

    private void commit(Transaction.Builder transaction) throws InterruptedException {
        store.commit(transaction.build());
        assertThat(replica.state().awaitRevision(store.revision(), Duration.ofSeconds(20)))
                .isTrue();
    }

    private Lease leak(EndpointId holder, IpAddress address) throws InterruptedException {
        Lease lease = new Lease(new Lease.Holder.OfEndpoint(holder), Optional.of(NODE), now.get());
        commit(Transaction.builder().put(Keys.lease(network, address), ModelCodec.LEASE.encode(lease)));
        return lease;
    }

    private Endpoint endpoint(String sandbox) {
        var created = replica.services()
                .sandboxes()
                .create(call(), sandbox(sandbox, "a", EndpointRequest.on("demo")), Duration.ZERO);
        return created.endpoints().getFirst().endpoint().value();
    }

    private static IpAddress address(Endpoint endpoint) {
        return endpoint.link().orElseThrow().addresses().getFirst().address();
    }

    private void look() {
        replica.services().housekeeping().collectLeaks(List.of());
    }

    private void pass(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    private boolean isLeased(IpAddress address) {
        return store.get(Keys.lease(network, address)).isPresent();
    }

    private List<IpamOperations.Leak> leaks() {
        return replica.services().ipam().leaks().items();
    }

    @Test
    void aLeaseWithoutEndpointIsShownAndReleasedAfterASecondLook() throws InterruptedException {
        leak(NOBODY, LEAKED);
        answer(new NodeAnswer.HoldsNot());
        Instant first = now.get();
        look();
        assertThat(leaks()).singleElement().satisfies(leak -> {
            assertThat(leak.suspicion().reason()).isEqualTo(LeakReason.NO_ENDPOINT);
            assertThat(leak.suspicion().facts().address()).isEqualTo(LEAKED);
            assertThat(leak.firstSeen()).isEqualTo(first);
            assertThat(leak.suspicion().proof())
                    .isEqualTo(new Proof.Proven("node a is in sync and reports no such endpoint"));
            assertThat(leak.releaseTime()).contains(first.plus(LeakPolicy.DEFAULT.secondLook()));
        });
        pass(LeakPolicy.DEFAULT.secondLook().minusMillis(1));
        look();
        assertThat(isLeased(LEAKED)).isTrue();
        assertThat(leaks())
                .singleElement()
                .satisfies(leak -> assertThat(leak.firstSeen()).isEqualTo(first));
        pass(Duration.ofMillis(1));
        look();
        assertThat(isLeased(LEAKED)).isFalse();
        assertThat(leaks()).isEmpty();
        assertThat(store.get(Keys.resting(network, LEAKED))
                        .map(entry -> ModelCodec.RESTING_ADDRESS.decode(entry).value()))
                .contains(new RestingAddress(NOBODY, now.get()));
    }

    @Test
    void aNodeThatReportsTheEndpointKeepsItsAddress() throws InterruptedException {
        leak(NOBODY, LEAKED);
        for (int i = 0; i < 5; i++) {
            look();
            pass(Duration.ofHours(1));
        }
        assertThat(isLeased(LEAKED)).isTrue();
        assertThat(leaks()).singleElement().satisfies(leak -> {
            assertThat(leak.suspicion().proof()).isEqualTo(new Proof.Open("node a still reports the endpoint"));
            assertThat(leak.releaseTime()).isEmpty();
        });
    }

    @Test
    void aSilentNodeHasItsGrace() throws InterruptedException {
        leak(NOBODY, LEAKED);
        answer(new NodeAnswer.Silent(now.get()));
        look();
        pass(LeakPolicy.DEFAULT.grace().minusSeconds(1));
        look();
        assertThat(isLeased(LEAKED)).isTrue();
        assertThat(leaks())
                .singleElement()
                .satisfies(leak -> assertThat(leak.suspicion().proof())
                        .isEqualTo(new Proof.Open("node a is silent and may hold it until 2026-11-26T10:15:00Z")));
        pass(Duration.ofSeconds(1));
        look();
        assertThat(isLeased(LEAKED)).isFalse();
    }

    @Test
    void aSilentNodeKeepsWhatIsWantedForEver() {
        Endpoint wanted = endpoint("c");
        answer(new NodeAnswer.Silent(Instant.EPOCH));
        for (int i = 0; i < 3; i++) {
            look();
            pass(Duration.ofDays(1));
        }
        assertThat(leaks()).isEmpty();
        assertThat(isLeased(address(wanted))).isTrue();
    }

    @Test
    void anEndpointThatItsNodeHasNotGoesWithItsAddresses() {
        Endpoint lost = endpoint("c");
        answer(new NodeAnswer.HoldsNot());
        look();
        pass(LeakPolicy.DEFAULT.secondLook());
        look();
        assertThat(isLeased(address(lost))).isFalse();
        assertThat(store.get(Keys.endpoint(lost.id()))).isEmpty();
        assertThat(store.get(Keys.sandbox(lost.sandbox()))).isPresent();
        // The sandbox can join again.
        answer(new NodeAnswer.Holds(1));
        replica.services().endpoints().create(call(), "c", EndpointRequest.on("demo"), Duration.ZERO);
    }

    @Test
    void aReportBetweenTheLooksClearsTheSuspicion() {
        Endpoint endpoint = endpoint("c");
        answer(new NodeAnswer.HoldsNot());
        look();
        pass(Duration.ofSeconds(50));
        answer(new NodeAnswer.Holds(1));
        look();
        assertThat(leaks()).isEmpty();
        answer(new NodeAnswer.HoldsNot());
        pass(Duration.ofSeconds(50));
        look();
        assertThat(isLeased(address(endpoint))).isTrue();
        assertThat(leaks())
                .singleElement()
                .satisfies(leak -> assertThat(leak.firstSeen()).isEqualTo(now.get()));
    }

    @Test
    void anAddressThatItsEndpointHasNotIsReleasedWhenTheNodeHasTheEndpointWithoutIt() throws InterruptedException {
        Endpoint endpoint = endpoint("c");
        leak(endpoint.id(), LEAKED);
        // What the node has is older than what is stored.
        answer(new NodeAnswer.Holds(0));
        look();
        pass(LeakPolicy.DEFAULT.secondLook());
        look();
        assertThat(isLeased(LEAKED)).isTrue();
        answer(new NodeAnswer.Holds(Long.MAX_VALUE));
        look();
        assertThat(isLeased(LEAKED)).isFalse();
        assertThat(isLeased(address(endpoint))).isTrue();
        assertThat(store.get(Keys.endpoint(endpoint.id()))).isPresent();
    }

    @Test
    void endpointsOfASandboxOrANodeThatIsGoneGo() throws InterruptedException {
        Endpoint withoutSandbox = endpoint("c");
        Endpoint withoutNode = endpoint("d");
        commit(Transaction.builder().delete(Keys.sandbox(withoutSandbox.sandbox())));
        answer(new NodeAnswer.HoldsNot());
        look();
        assertThat(leaks()).hasSize(2);
        commit(Transaction.builder().delete(Keys.node(NODE)));
        look();
        assertThat(leaks()).extracting(leak -> leak.suspicion().reason()).containsOnly(LeakReason.NO_NODE);
        pass(LeakPolicy.DEFAULT.secondLook());
        look();
        assertThat(isLeased(address(withoutSandbox))).isFalse();
        assertThat(isLeased(address(withoutNode))).isFalse();
        assertThat(store.list(Keys.ENDPOINTS).entries()).isEmpty();
    }

    @Test
    void aLeaseTakenAnewBetweenDecisionAndCommitStays() throws InterruptedException {
        leak(NOBODY, LEAKED);
        answer(new NodeAnswer.HoldsNot());
        look();
        pass(LeakPolicy.DEFAULT.secondLook());
        store.beforeNextCommit(() -> {
            Lease anew = new Lease(new Lease.Holder.OfEndpoint(NOBODY), Optional.of(NODE), now.get());
            store.commit(Transaction.builder()
                    .put(Keys.lease(network, LEAKED), ModelCodec.LEASE.encode(anew))
                    .build());
        });
        look();
        assertThat(isLeased(LEAKED)).isTrue();
    }

    @Test
    void anEndpointThatComesBetweenDecisionAndCommitKeepsItsAddress() throws InterruptedException {
        leak(NOBODY, LEAKED);
        answer(new NodeAnswer.HoldsNot());
        look();
        pass(LeakPolicy.DEFAULT.secondLook());
        store.beforeNextCommit(() -> store.commit(Transaction.builder()
                .put(Keys.endpoint(NOBODY), ByteString.EMPTY)
                .build()));
        look();
        assertThat(isLeased(LEAKED)).isTrue();
    }

    @Test
    void anEndpointThatChangesBetweenDecisionAndCommitStays() {
        Endpoint endpoint = endpoint("c");
        answer(new NodeAnswer.HoldsNot());
        look();
        pass(LeakPolicy.DEFAULT.secondLook());
        store.beforeNextCommit(
                () -> replica.services().endpoints().create(call(), "c", EndpointRequest.on("bridge"), Duration.ZERO));
        look();
        assertThat(isLeased(address(endpoint))).isTrue();
    }

    @Test
    void useAndAddressesAreShownWithWhatRests() {
        Endpoint stays = endpoint("c");
        Endpoint goes = endpoint("d");
        replica.services().sandboxes().delete(call(), "d", Duration.ZERO);
        pass(Duration.ofSeconds(20));
        var addresses = replica.services().ipam().addresses("demo", "", Optional.empty());
        assertThat(addresses.addresses().items()).hasSize(3);
        assertThat(addresses.addresses().items().get(0))
                .isInstanceOfSatisfying(
                        IpamOperations.Taken.Leased.class,
                        leased -> assertThat(leased.lease().holder()).isEqualTo(new Lease.Holder.Gateway()));
        assertThat(addresses.addresses().items().get(1))
                .isInstanceOfSatisfying(IpamOperations.Taken.Leased.class, leased -> {
                    assertThat(leased.address()).isEqualTo(address(stays));
                    assertThat(leased.sandbox().orElseThrow().name()).isEqualTo("c");
                });
        assertThat(addresses.addresses().items().get(2))
                .isInstanceOfSatisfying(IpamOperations.Taken.Resting.class, resting -> {
                    assertThat(resting.address()).isEqualTo(address(goes));
                    assertThat(resting.left()).isEqualTo(Duration.ofSeconds(100));
                });
        var use = replica.services().ipam().use("").items().stream()
                .filter(found -> found.network().id().equals(network))
                .findFirst()
                .orElseThrow()
                .use();
        assertThat(use.usable()).isEqualTo(253);
        assertThat(use.leased()).isEqualTo(1);
        assertThat(use.reserved()).isEqualTo(1);
        assertThat(use.resting()).isEqualTo(1);
        assertThat(use.free()).isEqualTo(251);
        pass(Duration.ofSeconds(101));
        assertThat(replica.services()
                        .ipam()
                        .addresses("demo", "", Optional.empty())
                        .addresses()
                        .items())
                .hasSize(2);
    }
}
