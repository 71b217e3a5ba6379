package dev.weft.controlplane.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.weft.api.v1.Change;
import dev.weft.controlplane.codec.DamagedValueException;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EventMappingTest {

    private static final Network NETWORK = Fixtures.overlay("web", "10.1.0.0/16");
    private static final String NETWORK_KEY = Keys.network(NETWORK.id());

    private static Entry network(Network network, long modRevision) {
        return new Entry(Keys.network(network.id()), ModelCodec.NETWORK.encode(network), 1, modRevision);
    }

    @Test
    void aNetworkComesChangesAndGoes() {
        Entry first = network(NETWORK, 5);
        Entry second = network(Fixtures.overlay("web", Map.of("a", "b"), Set.of(), "10.1.0.0/16"), 6);

        Event created = EventMapping.of(5, new Mutation.Updated(first, Optional.empty()))
                .orElseThrow();
        assertThat(created.key()).isEqualTo(NETWORK_KEY);
        assertThat(created.kind()).isEqualTo("network");
        assertThat(created.relisted()).isFalse();
        assertThat(created.change().getType()).isEqualTo(Change.Type.CREATED);
        assertThat(created.change().getRevision()).isEqualTo(5);
        assertThat(created.change().getNetwork().getName()).isEqualTo("web");
        assertThat(created.change().getNetwork().getRevision()).isEqualTo(5);
        assertThat(created.change().hasTime())
                .as("the same change gives the same message")
                .isFalse();

        Event updated = EventMapping.of(6, new Mutation.Updated(second, Optional.of(first)))
                .orElseThrow();
        assertThat(updated.change().getType()).isEqualTo(Change.Type.UPDATED);
        assertThat(updated.change().getNetwork().getOptionsMap()).containsEntry("a", "b");

        Event deleted = EventMapping.of(7, new Mutation.Removed(NETWORK_KEY, Optional.of(second)))
                .orElseThrow();
        assertThat(deleted.isRemoval()).isTrue();
        assertThat(deleted.change().getRevision()).isEqualTo(7);
        assertThat(deleted.change().getNetwork()).isEqualTo(updated.change().getNetwork());
    }

    @Test
    void ofAnEntityThatIsGoneTheIdIsTold() {
        String sandbox = Keys.sandbox(Fixtures.sandboxId("c1"));
        String node = Keys.node(new NodeName("h1"));
        assertThat(EventMapping.of(9, new Mutation.Removed(sandbox, Optional.empty()))
                        .orElseThrow()
                        .change()
                        .getSandbox()
                        .getId())
                .isEqualTo(Fixtures.sandboxId("c1").value());
        assertThat(EventMapping.of(9, new Mutation.Removed(node, Optional.empty()))
                        .orElseThrow()
                        .kind())
                .isEqualTo("node");
    }

    @Test
    void everyKindOfEntityHasEvents() {
        Sandbox sandbox = Fixtures.sandbox("c1", "h1");
        Endpoint endpoint = Fixtures.endpoint(NETWORK, sandbox, "10.1.0.2/16");
        Map<String, Entry> entries = Map.of(
                "network",
                network(NETWORK, 3),
                "sandbox",
                new Entry(Keys.sandbox(sandbox.id()), ModelCodec.SANDBOX.encode(sandbox), 3, 3),
                "endpoint",
                new Entry(Keys.endpoint(endpoint.id()), ModelCodec.ENDPOINT.encode(endpoint), 3, 3),
                "node",
                new Entry(
                        Keys.node(new NodeName("h1")), ModelCodec.NODE.encode(Fixtures.node("h1", "192.0.2.1")), 3, 3));
        entries.forEach((kind, entry) -> {
            Event event = EventMapping.listed(entry).orElseThrow();
            assertThat(event.kind()).isEqualTo(kind);
            assertThat(event.relisted()).isTrue();
            assertThat(event.change().getType()).isEqualTo(Change.Type.SNAPSHOT);
            assertThat(event.change().getRevision()).isEqualTo(3);
        });
    }

    @Test
    void bookkeepingHasNone() {
        for (String key : List.of(
                Keys.members(NETWORK.id()),
                Keys.LEADER,
                Keys.GLOBAL_SPACE,
                Keys.sandboxName("c1"),
                Keys.request("r"),
                "unknown/key")) {
            Entry entry = new Entry(key, ByteString.EMPTY, 1, 1);
            assertThat(EventMapping.of(1, new Mutation.Updated(entry, Optional.empty())))
                    .isEmpty();
            assertThat(EventMapping.of(2, new Mutation.Removed(key, Optional.of(entry))))
                    .isEmpty();
            assertThat(EventMapping.of(2, new Mutation.Removed(key, Optional.empty())))
                    .isEmpty();
            assertThat(EventMapping.listed(entry)).isEmpty();
        }
    }

    @Test
    void damageIsNamed() {
        Entry damaged = new Entry(NETWORK_KEY, ByteString.copyFromUtf8("garbage"), 1, 1);
        assertThatExceptionOfType(DamagedValueException.class)
                .isThrownBy(() -> EventMapping.listed(damaged))
                .withMessageContaining(NETWORK_KEY);
    }

    @Test
    void aFingerprintIsOfTheStateAndNotOfTheWayToIt() {
        Entry entry = network(NETWORK, 5);
        Change listed = EventMapping.listed(entry).orElseThrow().change();
        Change created = EventMapping.of(5, new Mutation.Updated(entry, Optional.empty()))
                .orElseThrow()
                .change();
        assertThat(Fingerprint.of(created)).isEqualTo(Fingerprint.of(listed));
        assertThat(Fingerprint.of(
                        EventMapping.listed(network(NETWORK, 6)).orElseThrow().change()))
                .isNotEqualTo(Fingerprint.of(listed));
        Network other = Fixtures.overlay("web", Map.of("a", "b"), Set.of(), "10.1.0.0/16");
        assertThat(Fingerprint.of(
                        EventMapping.listed(network(other, 5)).orElseThrow().change()))
                .as("a restored store may have another value at the same revision")
                .isNotEqualTo(Fingerprint.of(listed));
    }

    /** Whatever subscribers have and whatever is stored: with the relisted events they have what is stored. */
    @Test
    void aRelistLeadsFromAnyStateToTheStoredOne() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Map<String, Change> subscriber = new HashMap<>();
            List<Entry> stored = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Entry before = network(Fixtures.overlay("n" + i, "10." + i + ".0.0/16"), 10 + random.nextInt(3));
                Entry after = network(Fixtures.overlay("n" + i, "10." + i + ".0.0/16"), 10 + random.nextInt(3));
                if (random.nextBoolean()) {
                    subscriber.put(
                            before.key(),
                            EventMapping.listed(before).orElseThrow().change());
                }
                if (random.nextBoolean()) {
                    stored.add(after);
                }
            }
            Listing listing = new Listing(20, stored);
            List<Event> events = relist(listing, subscriber);

            assertThat(events).as("seed %d", seed).allMatch(Event::relisted);
            events.forEach(event -> {
                if (event.isRemoval()) {
                    assertThat(subscriber.remove(event.key())).isNotNull();
                } else {
                    assertThat(subscriber.put(event.key(), event.change())).isNotEqualTo(event.change());
                }
            });
            Map<String, Change> expected = new HashMap<>();
            stored.forEach(entry -> expected.put(
                    entry.key(), EventMapping.listed(entry).orElseThrow().change()));
            assertThat(subscriber).as("seed %d", seed).isEqualTo(expected);
            assertThat(relist(listing, subscriber))
                    .as("once more there is nothing to tell, seed %d", seed)
                    .isEmpty();
        }
    }

    private static List<Event> relist(Listing listing, Map<String, Change> subscriber) {
        Map<String, Fingerprint> published = new HashMap<>();
        subscriber.forEach((key, change) -> published.put(key, Fingerprint.of(change)));
        return Relist.events(listing, published, damaged -> {
                    throw damaged;
                })
                .toList();
    }

    @Test
    void progressIsResumableUnlessTheStoreIsAnotherOne() {
        assertThat(new Progress(10, 3, false).isResumable(3, 10)).isTrue();
        assertThat(new Progress(10, 3, false).isResumable(4, 20)).isTrue();
        assertThat(new Progress(10, 3, true).isResumable(4, 20)).as("listing").isFalse();
        assertThat(new Progress(10, 3, false).isResumable(2, 20))
                .as("older term")
                .isFalse();
        assertThat(new Progress(10, 3, false).isResumable(3, 9))
                .as("older store")
                .isFalse();
    }
}
