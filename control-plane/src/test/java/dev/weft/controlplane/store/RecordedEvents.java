package dev.weft.controlplane.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A listener that keeps what it was told, and checks the rules that hold for every watch. */
public final class RecordedEvents implements WatchListener {

    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private final List<WatchEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void on(WatchEvent event) {
        events.add(event);
    }

    public List<WatchEvent> all() {
        return List.copyOf(events);
    }

    public List<WatchEvent.Changes> changes() {
        return events.stream()
                .filter(WatchEvent.Changes.class::isInstance)
                .map(WatchEvent.Changes.class::cast)
                .toList();
    }

    public List<WatchEvent.Snapshot> snapshots() {
        return events.stream()
                .filter(WatchEvent.Snapshot.class::isInstance)
                .map(WatchEvent.Snapshot.class::cast)
                .toList();
    }

    public void await(String what, Predicate<RecordedEvents> condition) {
        try {
            Await.until(what, AT_MOST, () -> condition.test(this));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; told so far: " + tail(), e);
        }
    }

    private String tail() {
        List<WatchEvent> now = all();
        return now.size() + " events, the last ones " + now.subList(Math.max(0, now.size() - 5), now.size());
    }

    /** Waits until the watch is known to have told everything up to the revision. */
    public void awaitRevision(long revision) {
        await("revision " + revision + " told", events -> events.lastRevision() >= revision);
    }

    /** The newest revision told; 0 if none. */
    public long lastRevision() {
        List<WatchEvent> now = all();
        return now.isEmpty() ? 0 : revision(now.getLast());
    }

    public static long revision(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Snapshot snapshot -> snapshot.revision();
            case WatchEvent.Changes changes -> changes.revision();
            case WatchEvent.Progress progress -> progress.revision();
            case WatchEvent.Compacted compacted -> compacted.oldestRevision();
        };
    }

    /** Each revision once and in order; each change made at the revision it is told with; keys in order. */
    public void assertWellFormed() {
        List<Long> revisions = new ArrayList<>();
        for (WatchEvent event : all()) {
            revisions.add(revision(event));
            if (event instanceof WatchEvent.Changes changes) {
                assertThat(changes.mutations()).isNotEmpty();
                assertThat(changes.mutations().stream().map(WatchEvent.Mutation::key))
                        .isSorted()
                        .doesNotHaveDuplicates();
                for (WatchEvent.Mutation mutation : changes.mutations()) {
                    if (mutation instanceof WatchEvent.Mutation.Updated updated) {
                        assertThat(updated.entry().modRevision()).isEqualTo(changes.revision());
                    }
                }
            }
        }
        assertThat(revisions).isSorted().doesNotHaveDuplicates();
    }

    /** What one knows who has followed the events. */
    public Map<String, ByteString> state() {
        Map<String, ByteString> state = new TreeMap<>();
        for (WatchEvent event : all()) {
            switch (event) {
                case WatchEvent.Snapshot snapshot -> {
                    state.clear();
                    snapshot.entries().forEach(entry -> state.put(entry.key(), entry.value()));
                }
                case WatchEvent.Changes changes -> changes.mutations().forEach(mutation -> apply(state, mutation));
                case WatchEvent.Progress _, WatchEvent.Compacted _ -> {}
            }
        }
        return state;
    }

    private static void apply(Map<String, ByteString> state, WatchEvent.Mutation mutation) {
        switch (mutation) {
            case WatchEvent.Mutation.Updated updated ->
                state.put(updated.key(), updated.entry().value());
            case WatchEvent.Mutation.Removed removed -> state.remove(removed.key());
        }
    }
}
