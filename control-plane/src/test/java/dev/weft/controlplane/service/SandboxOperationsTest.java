package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.at;
import static dev.weft.controlplane.service.Replica.bridge;
import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static dev.weft.controlplane.service.Replica.validateOnly;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.BandwidthRequest;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.Bandwidth;
import dev.weft.net.BitRate;
import dev.weft.net.InterfaceAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SandboxOperationsTest {

    private static final Duration WAIT = Duration.ofSeconds(1);

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

    private SandboxOperations.Details create(String name, String node, EndpointRequest... endpoints) {
        return replica.services().sandboxes().create(call(), sandbox(name, node, endpoints), Duration.ZERO);
    }

    private EndpointDetails connect(String sandbox, EndpointRequest endpoint) {
        return replica.services().endpoints().create(call(), sandbox, endpoint, Duration.ZERO);
    }

    private void disconnect(String sandbox, String network) {
        replica.services()
                .endpoints()
                .delete(call(), sandbox, network, EndpointOperations.IfGone.REFUSE, Duration.ZERO);
    }

    private static List<String> addresses(EndpointDetails endpoint) {
        return endpoint.endpoint().value().link().orElseThrow().addresses().stream()
                .map(InterfaceAddress::toString)
                .toList();
    }

    private static String interfaceName(EndpointDetails endpoint) {
        return endpoint.endpoint().value().link().orElseThrow().name().value();
    }

    private EndpointDetails limit(OptionalLong ingress, OptionalLong egress, Duration wait) {
        return replica.services().endpoints().limit(call(), "c1", "demo", ingress, egress, wait);
    }

    private static OptionalLong mbit(long rate) {
        return OptionalLong.of(rate * 1_000_000);
    }

    private static String bandwidth(EndpointDetails endpoint) {
        Bandwidth bandwidth = endpoint.endpoint().value().bandwidth();
        return bandwidth.ingress().map(BitRate::toString).orElse("none") + " "
                + bandwidth.egress().map(BitRate::toString).orElse("none");
    }

    @Test
    void limitsAreChangedOneByOneAndNothingElseOfTheEndpointIs() {
        EndpointDetails made =
                create("c1", "a", EndpointRequest.on("demo")).endpoints().getFirst();
        assertThat(bandwidth(made)).isEqualTo("none none");
        EndpointDetails in = limit(mbit(100), OptionalLong.empty(), Duration.ZERO);
        assertThat(bandwidth(in)).isEqualTo("100mbit none");
        assertThat(bandwidth(limit(OptionalLong.empty(), mbit(20), Duration.ZERO)))
                .isEqualTo("100mbit 20mbit");
        EndpointDetails out = limit(OptionalLong.of(0), OptionalLong.empty(), Duration.ZERO);
        assertThat(bandwidth(out)).isEqualTo("none 20mbit");
        assertThat(out.endpoint().value().with(made.endpoint().value().bandwidth()))
                .isEqualTo(made.endpoint().value());
    }

    @Test
    void limitsThatCannotBeHadAreRefusedAndNothingIsWritten() {
        create("c1", "a", EndpointRequest.on("demo"));
        ServiceException range = Refusal.of(store, () -> limit(OptionalLong.of(1), OptionalLong.of(1), Duration.ZERO));
        assertThat(range.violations())
                .extracting(FieldViolation::field)
                .containsExactly(
                        "endpoint.bandwidth.ingress_bits_per_second", "endpoint.bandwidth.egress_bits_per_second");
        ServiceException elsewhere = Refusal.of(
                store,
                () -> replica.services()
                        .endpoints()
                        .limit(call(), "c1", "bridge", mbit(1), OptionalLong.empty(), Duration.ZERO));
        assertThat(elsewhere.reason()).isEqualTo(Reason.ENDPOINT_NOT_FOUND);
        create("h1", "a", EndpointRequest.on("host"));
        ServiceException host = Refusal.of(
                store,
                () -> replica.services()
                        .endpoints()
                        .limit(call(), "h1", "host", mbit(1), OptionalLong.empty(), Duration.ZERO));
        assertThat(host.violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.description()).contains("no link of its own"));
    }

    @Test
    void aLimitThatTheNodeCannotSetIsUndone() {
        create("c1", "a", EndpointRequest.on("demo"));
        EndpointDetails before = limit(mbit(10), OptionalLong.empty(), Duration.ZERO);
        replica.status().failWith("ENOENT: Specified qdisc kind is unknown");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> limit(mbit(5), mbit(5), WAIT))
                .isInstanceOfSatisfying(ServiceException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(Reason.NODE_APPLY_FAILED);
                    assertThat(failure.getMessage()).contains("qdisc kind", "taken back");
                });
        assertThat(bandwidth(
                        replica.services().sandboxes().get("c1").endpoints().getFirst()))
                .isEqualTo(bandwidth(before));
    }

    @Test
    void aSandboxGetsANameTheBridgeAndAnAddress() {
        SandboxOperations.Details made = create("", "a");

        assertThat(made.sandbox().value().name()).matches("[a-z]+_[a-z]+");
        assertThat(made.sandbox().value().hostname())
                .isEqualTo(made.sandbox().value().id().shortId());
        assertThat(made.endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.network().name()).isEqualTo("bridge");
            assertThat(addresses(endpoint)).containsExactly("172.17.0.2/16");
            assertThat(interfaceName(endpoint)).isEqualTo("eth0");
        });
        assertThat(made.sandbox().modRevision()).isEqualTo(store.revision());
    }

    @Test
    void severalEndpointsComeInOneRevision() {
        long before = store.revision();
        SandboxOperations.Details made = create("c1", "a", EndpointRequest.on("bridge"), at("demo", "10.1.0.5"));

        assertThat(store.revision()).isEqualTo(before + 1);
        assertThat(made.endpoints().stream().map(SandboxOperationsTest::interfaceName))
                .containsExactly("eth0", "eth1");
        assertThat(addresses(made.endpoints().get(1))).containsExactly("10.1.0.5/29", "fd00:1::2/64");
    }

    private SandboxOperations.Details rename(Call call, String sandbox, String newName) {
        return replica.services().sandboxes().rename(call, sandbox, newName, Duration.ZERO);
    }

    @Test
    void aRenameFreesTheOldNameInTheSameRevision() {
        SandboxOperations.Details made = create("c1", "a", EndpointRequest.on("demo"));
        long before = store.revision();
        SandboxOperations.Details renamed = rename(call(), "c1", "db");
        assertThat(store.revision()).isEqualTo(before + 1);
        Sandbox sandbox = renamed.sandbox().value();
        assertThat(sandbox.name()).isEqualTo("db");
        assertThat(sandbox.id()).isEqualTo(made.sandbox().value().id());
        assertThat(sandbox.hostname()).isEqualTo(made.sandbox().value().hostname());
        assertThat(renamed.endpoints()).hasSize(1);
        assertThat(Refusal.of(store, () -> rename(call(), "c1", "x")).reason()).isEqualTo(Reason.SANDBOX_NOT_FOUND);
        create("c1", "b");
        replica.services().sandboxes().delete(call(), "db", Duration.ZERO);
        create("db", "b");
    }

    @Test
    void namesThatAreTakenAndThoseThatAreNoneAreRefused() {
        create("c1", "a");
        create("c2", "b");
        for (Map.Entry<String, Reason> wrong : Map.of(
                        "c2",
                        Reason.NAME_IN_USE,
                        "c1",
                        Reason.INVALID_REQUEST,
                        "",
                        Reason.INVALID_REQUEST,
                        "-x",
                        Reason.INVALID_REQUEST,
                        "f".repeat(64),
                        Reason.INVALID_REQUEST)
                .entrySet()) {
            ServiceException refusal = Refusal.of(store, () -> rename(call(), "c1", wrong.getKey()));
            assertThat(refusal.reason()).as(wrong.getKey()).isEqualTo(wrong.getValue());
            assertThat(refusal.violations())
                    .singleElement()
                    .satisfies(violation -> assertThat(violation.field()).isEqualTo("new_name"));
        }
        long before = store.revision();
        assertThat(rename(validateOnly(), "c1", "c3").sandbox().value().name()).isEqualTo("c3");
        assertThat(store.revision()).isEqualTo(before);
    }

    @Test
    void aRepeatedRenameAnswersWhatTheFirstDid() {
        create("c1", "a");
        rename(call("r1", "ab"), "c1", "db");
        long before = store.revision();
        assertThat(rename(call("r1", "ab"), "c1", "db").sandbox().value().name())
                .isEqualTo("db");
        assertThat(store.revision()).isEqualTo(before);
    }

    private static EndpointRequest linkLocal(String... addresses) {
        return new EndpointRequest(
                "demo",
                "",
                "",
                "",
                List.of(),
                Map.of(),
                0,
                List.of(),
                BandwidthRequest.UNLIMITED,
                Optional.empty(),
                List.of(addresses));
    }

    @Test
    void aLinkLocalAddressHasOneHolderANetworkAndDoesNotRest() {
        SandboxOperations.Details made = create("c1", "a", linkLocal("169.254.7.7", "fe80::77"));
        assertThat(made.endpoints()
                        .getFirst()
                        .endpoint()
                        .value()
                        .link()
                        .orElseThrow()
                        .linkLocalAddresses())
                .extracting(Object::toString)
                .containsExactly("169.254.7.7/16", "fe80::77/64");
        ServiceException refusal = Refusal.of(store, () -> create("c2", "b", linkLocal("169.254.7.8", "fe80::77")));
        assertThat(refusal.reason()).isEqualTo(Reason.ADDRESS_IN_USE);
        assertThat(refusal).hasMessageContaining("fe80::77 on network demo is held by sandbox c1 on node a");
        assertThat(refusal.violations())
                .singleElement()
                .satisfies(
                        violation -> assertThat(violation.field()).isEqualTo("endpoints[0].link_local_addresses[1]"));
        assertThat(Refusal.of(store, () -> create("c2", "b", linkLocal("fe80::42:aff:fe01:2"))))
                .as("10.1.0.2's by its MAC")
                .hasMessageContaining("is what the kernel makes of the MAC address of sandbox c1");
        replica.services().sandboxes().delete(call(), "c1", Duration.ZERO);
        assertThat(store.list(Keys.RESTING).entries())
                .as("the two of the subnets")
                .hasSize(2);
        create("c2", "b", linkLocal("169.254.7.7", "fe80::77"));
    }

    @Test
    void hostAndNone() {
        SandboxOperations.Details host = create("h", "a", EndpointRequest.on("host"));
        assertThat(host.sandbox().value().mode()).isEqualTo(new Sandbox.Mode.Host());
        assertThat(host.sandbox().value().hostname()).isEqualTo("a.example");
        assertThat(host.endpoints().getFirst().endpoint().value().link()).isEmpty();

        SandboxOperations.Details none = create("n", "a", EndpointRequest.on("none"));
        assertThat(none.sandbox().value().mode()).isEqualTo(new Sandbox.Mode.Managed());
        assertThat(Refusal.of(store, () -> connect("n", EndpointRequest.on("demo")))
                        .reason())
                .isEqualTo(Reason.INCOMPATIBLE_NETWORK);
        assertThat(Refusal.of(store, () -> connect("h", EndpointRequest.on("demo")))
                        .reason())
                .isEqualTo(Reason.INCOMPATIBLE_NETWORK);
        disconnect("n", "none");
        connect("n", EndpointRequest.on("demo"));
    }

    @Test
    void connectAndDisconnect() {
        create("c1", "a");
        assertThat(interfaceName(connect("c1", EndpointRequest.on("demo")))).isEqualTo("eth1");
        assertThat(Refusal.of(store, () -> connect("c1", EndpointRequest.on("demo"))))
                .hasMessage("endpoint with name c1 already exists in network demo");
        disconnect("c1", "bridge");
        replica.services().networks().create(call(), bridge("more", "a"));
        assertThat(interfaceName(connect("c1", EndpointRequest.on("more")))).isEqualTo("eth0");
        assertThat(Refusal.of(store, () -> disconnect("c1", "bridge")).reason()).isEqualTo(Reason.ENDPOINT_NOT_FOUND);
        assertThat(Refusal.of(store, () -> disconnect("c2", "demo")).reason()).isEqualTo(Reason.SANDBOX_NOT_FOUND);
        assertThat(replica.services()
                        .endpoints()
                        .delete(call(), "c2", "demo", EndpointOperations.IfGone.SUCCEED, Duration.ZERO))
                .isEmpty();
    }

    @Test
    void anotherNodesLocalNetworkIsOutOfReach() {
        replica.services().networks().create(call(), bridge("local", "b"));

        assertThat(Refusal.of(store, () -> create("c1", "a", EndpointRequest.on("local"))))
                .hasMessage("network local is local to node b, the sandbox is on node a");
    }

    @Test
    void anAddressInUseIsRefusedWithItsHolder() {
        create("c1", "a", at("demo", "10.1.0.5"));

        ServiceException refusal = Refusal.of(store, () -> create("c2", "b", at("demo", "10.1.0.5")));
        assertThat(refusal.reason()).isEqualTo(Reason.ADDRESS_IN_USE);
        assertThat(refusal)
                .hasMessage("Address already in use: 10.1.0.5 on network demo is held by sandbox c1 on node a");
        assertThat(refusal.violations().getFirst().field()).isEqualTo("endpoints[0].ipv4_address");
        assertThat(Refusal.of(store, () -> create("c2", "b", at("demo", "10.1.0.1")))
                        .reason())
                .isEqualTo(Reason.ADDRESS_IN_USE);
        assertThat(Refusal.of(store, () -> create("c2", "b", at("demo", "10.1.9.1")))
                        .reason())
                .isEqualTo(Reason.INVALID_REQUEST);
    }

    @Test
    void aReleasedAddressRestsUnlessNothingElseIsLeft() {
        create("c1", "a", EndpointRequest.on("demo"));
        replica.services().sandboxes().delete(call(), "c1", Duration.ZERO);
        // 10.1.0.0/29 has .2 to .6 for endpoints; .2 rests.
        for (String expected : List.of("10.1.0.3/29", "10.1.0.4/29", "10.1.0.5/29", "10.1.0.6/29", "10.1.0.2/29")) {
            SandboxOperations.Details made = create("", "a", EndpointRequest.on("demo"));
            assertThat(addresses(made.endpoints().getFirst())).contains(expected);
        }
        assertThat(Refusal.of(store, () -> create("", "a", EndpointRequest.on("demo")))
                        .reason())
                .isEqualTo(Reason.ADDRESSES_EXHAUSTED);
    }

    @Test
    void restsThatAreOverAreForgotten() {
        create("c1", "a", EndpointRequest.on("demo"));
        replica.services().sandboxes().delete(call(), "c1", Duration.ZERO);
        replica.services().housekeeping().removeFinishedRests(List.of());
        assertThat(store.list(Keys.RESTING).entries()).hasSize(2);

        clock.advance(Services.DEFAULT_REST_PERIOD.plusSeconds(1));
        assertThat(addresses(create("c2", "a", EndpointRequest.on("demo"))
                        .endpoints()
                        .getFirst()))
                .containsExactly("10.1.0.2/29", "fd00:1::2/64");
        replica.services().sandboxes().delete(call(), "c2", Duration.ZERO);
        clock.advance(Services.DEFAULT_REST_PERIOD.plusSeconds(1));
        replica.services().housekeeping().removeFinishedRests(List.of());
        assertThat(store.list(Keys.RESTING).entries()).isEmpty();
    }

    @Test
    void nothingIsMadeOnANodeThatIsAway() {
        replica.status().disconnect(new NodeName("a"));

        ServiceException refusal = Refusal.of(store, () -> create("c1", "a"));
        assertThat(refusal.reason()).isEqualTo(Reason.NODE_NOT_CONNECTED);
        assertThat(refusal).hasMessageContaining("node a is not connected");
    }

    @Test
    void whatANodeCannotDoIsTakenBack() {
        create("c1", "a");
        long sandboxesBefore = store.list(Keys.SANDBOXES).entries().size();
        long leasesBefore = store.list(Keys.LEASES).entries().size();
        replica.status().failWith("create veth: EPERM");

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> replica.services().sandboxes().create(call(), sandbox("c2", "a"), WAIT))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NODE_APPLY_FAILED))
                .hasMessageContaining("create veth: EPERM")
                .hasMessageContaining("taken back");
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> replica.services().endpoints().create(call(), "c1", EndpointRequest.on("demo"), WAIT))
                .hasMessageContaining("create veth: EPERM");
        assertThat(store.list(Keys.SANDBOXES).entries()).hasSize((int) sandboxesBefore);
        assertThat(store.list(Keys.LEASES).entries()).hasSize((int) leasesBefore);
    }

    @Test
    void aNodeThatIsSlowLeavesTheSandboxPending() {
        replica.status().silence();

        assertThat(replica.services()
                        .sandboxes()
                        .create(call(), sandbox("c1", "a"), WAIT)
                        .status())
                .isInstanceOf(dev.weft.controlplane.status.ObservedStatus.Pending.class);
        replica.services().sandboxes().delete(call(), "c1", WAIT);
        assertThat(replica.services()
                        .endpoints()
                        .list("", "", "", Optional.empty())
                        .items())
                .isEmpty();
    }

    @Test
    void validationAloneChoosesButWritesNothing() {
        long before = store.revision();
        SandboxOperations.Details details = replica.services()
                .sandboxes()
                .create(validateOnly(), sandbox("c1", "a", EndpointRequest.on("demo")), Duration.ZERO);

        assertThat(addresses(details.endpoints().getFirst())).contains("10.1.0.2/29");
        assertThat(store.revision()).isEqualTo(before);
    }

    @Test
    void aSandboxWithAsManyEndpointsAsItMayHaveComesAndGoesInOneTransaction() {
        EndpointRequest[] wishes = new EndpointRequest[16];
        for (int i = 0; i < wishes.length; i++) {
            replica.services()
                    .networks()
                    .create(call(), overlay("n" + i, "10.2." + i + ".0/24", "fd00:2:" + i + "::/64"));
            wishes[i] = EndpointRequest.on("n" + i);
        }
        create("big", "a", wishes);
        assertThat(Refusal.of(store, () -> connect("big", EndpointRequest.on("demo")))
                        .reason())
                .isEqualTo(Reason.TOO_MANY_PARTS);
        long before = store.revision();
        replica.services().sandboxes().delete(call(), "big", Duration.ZERO);
        assertThat(store.revision()).isEqualTo(before + 1);
        // Every address rests now: making it anew ends 32 rests in the same transaction.
        clock.advance(Services.DEFAULT_REST_PERIOD.plusSeconds(1));
        create("big", "a", wishes);
    }
}
