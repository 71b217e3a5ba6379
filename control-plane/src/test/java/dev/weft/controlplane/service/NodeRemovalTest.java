package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.bridge;
import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static dev.weft.controlplane.service.Replica.validateOnly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.admission.NameRequest;
import dev.weft.controlplane.admission.NamespaceRequest;
import dev.weft.controlplane.admission.SandboxRequest;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Revocation;
import dev.weft.controlplane.service.NodeOperations.Force;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.IpAddress;
import dev.weft.net.Mtu;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are drained, and nodes that go. */
final class NodeRemovalTest {

    private static final NodeName A = new NodeName("a");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Interleaved store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @BeforeEach
    void open() {
        store = new Interleaved(SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH)));
        replica = Replica.over(store);
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");
        replica.services().networks().create(call(), overlay("wide", "10.9.0.0/24"));
    }

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    private NodeOperations nodes() {
        return replica.services().nodes();
    }

    private SandboxOperations.Details create(String name, String node, String... networks) {
        return replica.services()
                .sandboxes()
                .create(
                        call(),
                        sandbox(
                                name,
                                node,
                                Stream.of(networks).map(EndpointRequest::on).toArray(EndpointRequest[]::new)),
                        Duration.ZERO);
    }

    private static SandboxRequest sharing(String name, String owner) {
        return new SandboxRequest(
                name, "", "", Map.of(), List.of(), NamespaceRequest.of(owner), List.of(), NameRequest.NONE);
    }

    private List<Entry> everything() {
        return store.list("").entries().stream()
                .filter(entry -> !entry.key().startsWith(Keys.REQUESTS))
                .toList();
    }

    private ServiceException refusal(Runnable action) {
        List<Entry> before = everything();
        ServiceException refusal = catchThrowableOfType(ServiceException.class, action::run);
        assertThat(refusal).isNotNull();
        assertThat(everything()).as("a refusal writes nothing").isEqualTo(before);
        return refusal;
    }

    @Test
    void aDrainedNodeTakesNoNewSandboxesAndKeepsWhatItHas() {
        create("before", "a", "wide");
        nodes().drain(call(), "a");
        var drained = nodes().get("a", Optional.empty()).node().value();
        assertThat(drained.drainTime()).isPresent();
        ServiceException refusal = refusal(() -> create("after", "a", "wide"));
        assertThat(refusal.reason()).isEqualTo(Reason.NODE_DRAINED);
        assertThat(refusal.violations()).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("node");
            assertThat(violation.description()).contains("node a is drained since", "weft node drain --undo a");
        });
        create("elsewhere", "b", "wide");
        replica.services().endpoints().create(call(), "before", EndpointRequest.on("bridge"), Duration.ZERO);
        assertThat(refusal(() -> replica.services()
                                .sandboxes()
                                .create(call(), sharing("sharer", "before"), Duration.ZERO))
                        .reason())
                .isEqualTo(Reason.NODE_DRAINED);

        assertThat(nodes().drain(call(), "a").node().value().drainTime())
                .as("draining again keeps the time")
                .isEqualTo(drained.drainTime());
        replica.node("a", "192.0.2.1");
        assertThat(nodes().get("a", Optional.empty()).node().value().drainTime())
                .as("a restart of the daemon does not end it")
                .isEqualTo(drained.drainTime());
        nodes().endDrain(call(), "a");
        create("after", "a", "wide");
        assertThat(nodes().get("a", Optional.empty()).node().value().drainTime())
                .isEmpty();
    }

    @Test
    void aDrainBetweenDecisionAndCommitIsSeen() {
        store.beforeNextCommit(() -> nodes().drain(call(), "a"));
        assertThatThrownBy(() -> create("late", "a", "wide")).hasMessageContaining("is drained since");
        assertThat(store.list(Keys.SANDBOXES).entries()).isEmpty();
    }

    @Test
    void aNodeThatIsInUseIsRefusedWithWhatIsInTheWay() {
        create("c1", "a", "wide");
        replica.services().networks().create(call(), bridge("own", "a", "10.8.0.0/24"));
        ServiceException refusal = refusal(() -> nodes().remove(call(), "a", Force.NO));
        assertThat(refusal.violations())
                .extracting(FieldViolation::description)
                .containsExactly(
                        "node a cannot be removed: it is connected; stop weft-node there first, or use --force",
                        "node a cannot be removed: it has sandbox c1; remove these first, or use --force",
                        "node a cannot be removed: it has network own; remove these first, or use --force");
        assertThat(refusal(() -> nodes().remove(validateOnly(), "a", Force.NO)).reason())
                .isEqualTo(Reason.NODE_CONNECTED);
        assertThat(refusal(() -> nodes().remove(call(), "nobody", Force.NO)).reason())
                .isEqualTo(Reason.NODE_NOT_FOUND);
        replica.status().disconnect(A);
        assertThat(refusal(() -> nodes().remove(call(), "a", Force.NO)).reason())
                .isEqualTo(Reason.NODE_IN_USE);
    }

    @Test
    void anEmptyNodeThatIsAwayLeavesNothingBehind() {
        List<String> before = keys();
        replica.node("c", "192.0.2.3");
        assertThat(keys()).hasSizeGreaterThan(before.size());
        replica.status().disconnect(new NodeName("c"));
        nodes().remove(call("r1", "00"), "c", Force.NO);
        assertThat(keys()).isEqualTo(before);
        assertThat(nodes().remove(call("r1", "00"), "c", Force.NO).name())
                .as("a repeated request")
                .isEqualTo(new NodeName("c"));
    }

    private List<String> keys() {
        // Written with each local network, wherever: it says nothing of a node.
        return everything().stream()
                .map(Entry::key)
                .filter(key -> !key.equals(Keys.SPACE_EPOCH))
                // What is left of a node: that its certificates do not count any more.
                .filter(key -> !key.startsWith(Keys.REVOKED_SUBJECTS))
                .toList();
    }

    @Test
    void forceTakesSandboxesEndpointsAddressesPortsAndNetworksToo() {
        List<String> before = keys();
        replica.node("c", "192.0.2.3");
        NodeName node = new NodeName("c");
        replica.services().networks().create(call(), bridge("own", "c", "10.8.0.0/24"));
        for (int i = 0; i < 20; i++) {
            create("c" + i, "c", "wide", "own", "bridge");
        }
        replica.services().sandboxes().create(call(), sharing("sharer", "c0"), Duration.ZERO);
        assertThat(nodes().remove(call(), "c", Force.YES)).isEqualTo(new NodeOperations.Removed(node, 21, 60, 1));
        assertThat(keys().stream()
                        .filter(key -> !key.startsWith(Keys.RESTING) && !key.startsWith(Keys.MEMBERS))
                        .toList())
                .isEqualTo(before.stream()
                        .filter(key -> !key.startsWith(Keys.MEMBERS))
                        .toList());
        assertThat(store.list(Keys.RESTING).entries())
                .as("addresses of the network that stays rest")
                .hasSize(20);

        var anew = replica.node("c", "192.0.2.3");
        assertThat(anew.epoch()).isEqualTo(1);
        assertThat(anew.drainTime()).isEmpty();
        assertThat(store.list(Keys.NODE_NETWORK_NAMES + "c/").entries())
                .as("bridge, host and none")
                .hasSize(3);
        create("again", "c", "wide", "bridge");
    }

    @Test
    void whatItIsKnownByDoesNotCountAnyMore() {
        replica.node("c", "192.0.2.3");
        NodeName node = new NodeName("c");
        Instant before = Instant.now();
        nodes().remove(call(), "c", Force.YES);
        Entry entry = store.get(Keys.revokedSubject("node/c")).orElseThrow();
        Revocation revocation = ModelCodec.REVOCATION.decode(entry.key(), entry.value());
        assertThat(revocation.occasion()).isEqualTo(Revocation.Occasion.NODE_REMOVED);
        assertThat(revocation.revokeTime()).isAfterOrEqualTo(before);

        // By a replica that has not heard of it yet as well.
        Node.Facts facts = facts("192.0.2.3");
        assertThat(catchThrowableOfType(
                                ServiceException.class,
                                () -> replica.services().nodeRegistration().register(node, facts, Optional.of(before)))
                        .reason())
                .isEqualTo(Reason.NODE_REMOVED);
        assertThat(store.get(Keys.node(node))).isEmpty();
        Instant later = revocation.revokeTime().plusSeconds(1);
        assertThat(replica.services()
                        .nodeRegistration()
                        .register(node, facts, Optional.of(later))
                        .value()
                        .epoch())
                .isEqualTo(1);
    }

    private static Node.Facts facts(String vtep) {
        return new Node.Facts(
                IpAddress.parse(vtep), Mtu.ETHERNET, "c.example", "6.1", "test", List.of(), List.of(), Map.of());
    }

    @Test
    void aSandboxThatComesBetweenTheLookAndTheDrainStopsARemovalWithoutForce() {
        replica.status().disconnect(A);
        store.beforeNextCommit(() -> {
            replica.status().connect(A);
            create("quick", "a", "wide");
            replica.status().disconnect(A);
        });
        assertThatThrownBy(() -> nodes().remove(call(), "a", Force.NO)).hasMessageContaining("it has sandbox quick");
        assertThat(nodes().get("a", Optional.empty()).node().value().drainTime())
                .as("as it was")
                .isEmpty();
    }

    @Test
    void aNodeThatRegistersWhileItIsRemovedStaysUnlessForced() {
        replica.status().disconnect(A);
        nodes().drain(call(), "a");
        store.beforeNextCommit(() -> replica.node("a", "192.0.2.1"));
        assertThat(catchThrowableOfType(ServiceException.class, () -> nodes().remove(call(), "a", Force.NO))
                        .reason())
                .isEqualTo(Reason.NODE_CONNECTED);
        store.beforeNextCommit(() -> replica.node("a", "192.0.2.1"));
        nodes().remove(call(), "a", Force.YES);
        assertThat(store.get(Keys.node(A))).isEmpty();
    }

    @Test
    void aNetworkThatComesWhileTheNodeIsRemovedStopsItOrGoesToo() {
        replica.status().disconnect(A);
        nodes().drain(call(), "a");
        store.beforeNextCommit(() -> replica.services().networks().create(call(), bridge("quick", "a", "10.8.0.0/24")));
        assertThatThrownBy(() -> nodes().remove(call(), "a", Force.NO)).hasMessageContaining("it has network quick");
        store.beforeNextCommit(
                () -> replica.services().networks().create(call(), bridge("quicker", "a", "10.7.0.0/24")));
        assertThat(nodes().remove(call(), "a", Force.YES).networks()).isEqualTo(2);
        assertThat(store.get(Keys.node(A))).isEmpty();
        assertThat(store.list(Keys.NODE_NETWORK_NAMES + "a/").entries()).isEmpty();
    }
}
