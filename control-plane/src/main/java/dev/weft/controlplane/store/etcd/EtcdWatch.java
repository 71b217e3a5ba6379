package dev.weft.controlplane.store.etcd;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchDelivery;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchListener;
import dev.weft.controlplane.store.WatchStart;
import dev.weft.controlplane.store.etcd.EtcdWatchStream.Message;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the store's changes over as many streams as it takes. Each stream begins after the last revision told, so what
 * ends a stream, a lost connection, a restarted server or one that says nothing any more, neither loses nor repeats a
 * change. What cannot be followed because it was compacted is listed again, or ends the watch, as its start wants it.
 */
final class EtcdWatch implements Watch {

    private static final Logger log = LoggerFactory.getLogger(EtcdWatch.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** In a progress answer that concerns no watch in particular; it may have overtaken events. */
    private static final long NO_WATCH = -1;

    private static final Comparator<Event> KEY_ORDER =
            Comparator.comparing(event -> event.getKv().getKey(), ByteString.unsignedLexicographicalComparator());

    private final String prefix;
    private final WatchStart start;
    private final EtcdStore store;
    private final EtcdStoreConfig config;
    private final Keyspace keyspace;
    private final WatchDelivery delivery;
    private final Consumer<EtcdWatch> onEnd;
    private final Thread thread;
    private volatile @Nullable EtcdWatchStream stream;

    // Owned by the thread.

    /** Everything up to here was told, or does not concern the prefix. */
    private long cursor;
    /** The revision of the last event. */
    private long told;

    private long toldNanoTime = System.nanoTime();
    private Duration pause = FIRST_PAUSE;

    /** Why following a stream ended. */
    private sealed interface End {
        record Closed() implements End {}

        record Compacted(long revision) implements End {}

        record Broken(String reason) implements End {}
    }

    EtcdWatch(
            String prefix,
            WatchStart start,
            WatchListener listener,
            EtcdStore store,
            EtcdStoreConfig config,
            Keyspace keyspace,
            Consumer<EtcdWatch> onEnd) {
        this.prefix = prefix;
        this.start = start;
        this.store = store;
        this.config = config;
        this.keyspace = keyspace;
        this.onEnd = onEnd;
        this.delivery = new WatchDelivery("watch of " + config.prefix() + prefix, listener);
        this.thread = Thread.ofVirtual().name("weft-store-watch " + prefix).unstarted(this::run);
    }

    void begin() {
        thread.start();
    }

    private void run() {
        try {
            boolean going = switch (start) {
                case WatchStart.After after -> resumeFrom(after.revision());
                case WatchStart.FromSnapshot _ -> snapshot();
            };
            while (going && !delivery.isClosed()) {
                going = switch (follow()) {
                    case End.Closed _ -> false;
                    case End.Compacted compacted -> compacted(compacted.revision());
                    case End.Broken broken -> pauseAfter(broken.reason());
                };
            }
        } catch (InterruptedException _) {
            log.debug("watch of {} interrupted", prefix);
        } finally {
            onEnd.accept(this);
        }
    }

    private boolean resumeFrom(long revision) {
        cursor = revision;
        told = revision;
        return true;
    }

    /** Lists until it succeeds; returns whether the watch goes on. */
    private boolean snapshot() throws InterruptedException {
        while (!delivery.isClosed()) {
            try {
                Listing listing = store.list(prefix);
                cursor = listing.revision();
                return tell(new WatchEvent.Snapshot(listing.revision(), listing.entries()), listing.revision());
            } catch (StoreException e) {
                if (e.kind() == Kind.CLOSED) {
                    return false;
                }
                pauseAfter(e.getMessage());
            }
        }
        return false;
    }

    private boolean compacted(long revision) throws InterruptedException {
        return switch (start) {
            case WatchStart.FromSnapshot _ -> {
                log.info("watch of {}: history after revision {} was compacted; listing again", prefix, cursor);
                yield snapshot();
            }
            case WatchStart.After _ -> {
                tell(new WatchEvent.Compacted(revision), revision);
                yield false;
            }
        };
    }

    private boolean pauseAfter(@Nullable String reason) throws InterruptedException {
        log.warn("watch of {} resumes after revision {}: {}", prefix, cursor, reason);
        boolean closed = delivery.awaitClose(pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        return !closed;
    }

    private End follow() throws InterruptedException {
        try {
            if (store.isCompacted(cursor)) {
                return new End.Compacted(store.compactedRevision());
            }
            try (EtcdWatchStream opened = store.openStream(keyspace.watch(cursor + 1))) {
                stream = opened;
                End end = new Following(opened, cursor).run();
                if (end instanceof End.Broken) {
                    store.moveOn(opened.server());
                }
                return end;
            } finally {
                stream = null;
            }
        } catch (StoreException e) {
            return e.kind() == Kind.CLOSED ? new End.Closed() : new End.Broken(String.valueOf(e.getMessage()));
        }
    }

    /** The reading of one stream. */
    private final class Following {

        private final EtcdWatchStream source;
        private final long startedAfter;
        /** Whether nothing was compacted under the start before the server took it up. */
        private boolean startConfirmed;

        Following(EtcdWatchStream source, long startedAfter) {
            this.source = source;
            this.startedAfter = startedAfter;
        }

        End run() throws InterruptedException {
            long heard = System.nanoTime();
            while (!delivery.isClosed()) {
                Optional<Message> message = source.next(config.progressInterval());
                if (message.isPresent()) {
                    Optional<End> end = on(message.get());
                    if (end.isPresent()) {
                        return end.get();
                    }
                    heard = System.nanoTime(); // after the listener: its slowness is not the server's
                } else {
                    Duration silence = Duration.ofNanos(System.nanoTime() - heard);
                    if (silence.compareTo(config.stallTimeout()) >= 0) {
                        return new End.Broken(source.server() + " said nothing for " + silence.toMillis() + " ms");
                    }
                    source.requestProgress();
                }
                if (!tellProgress()) {
                    return new End.Closed();
                }
            }
            return new End.Closed();
        }

        private Optional<End> on(Message message) throws InterruptedException {
            return switch (message) {
                case Message.Nudge _ -> Optional.empty();
                case Message.Ended ended -> Optional.of(new End.Broken(source.server() + ": " + ended.status()));
                case Message.Response(WatchResponse response) -> on(response);
            };
        }

        private Optional<End> on(WatchResponse response) throws InterruptedException {
            if (response.getCanceled()) {
                return Optional.of(
                        response.getCompactRevision() > 0
                                ? new End.Compacted(response.getCompactRevision())
                                : new End.Broken(source.server() + " cancelled it: " + response.getCancelReason()));
            }
            if (response.getCreated()) {
                return Optional.empty();
            }
            pause = FIRST_PAUSE;
            if (!startConfirmed) {
                // etcd refuses a start before the border of compaction, but serves one exactly on it without the
                // removals
                // that were made there. The server has read the history by now; if the border still lies before the
                // start, it did then.
                if (store.isCompacted(startedAfter)) {
                    return Optional.of(new End.Compacted(store.compactedRevision()));
                }
                startConfirmed = true;
            }
            if (response.getEventsCount() > 0) {
                return tellEvents(response.getEventsList()) ? Optional.empty() : Optional.of(new End.Closed());
            }
            if (response.getWatchId() != NO_WATCH) {
                cursor = Math.max(cursor, response.getHeader().getRevision());
            }
            return Optional.empty();
        }
    }

    /** A response may hold several revisions; each is whole. */
    private boolean tellEvents(List<Event> events) throws InterruptedException {
        Map<Long, List<Event>> byRevision = new TreeMap<>();
        for (Event event : events) {
            byRevision
                    .computeIfAbsent(event.getKv().getModRevision(), _ -> new ArrayList<>())
                    .add(event);
        }
        for (Map.Entry<Long, List<Event>> ofRevision : byRevision.entrySet()) {
            long revision = ofRevision.getKey();
            List<WatchEvent.Mutation> mutations = ofRevision.getValue().stream()
                    .filter(event -> keyspace.has(event.getKv(), prefix))
                    .sorted(KEY_ORDER)
                    .map(keyspace::mutation)
                    .toList();
            if (!mutations.isEmpty() && !tell(new WatchEvent.Changes(revision, mutations), revision)) {
                return false;
            }
            cursor = revision;
        }
        return true;
    }

    private boolean tellProgress() throws InterruptedException {
        boolean due = cursor > told
                && System.nanoTime() - toldNanoTime >= config.progressInterval().toNanos();
        return !due || tell(new WatchEvent.Progress(cursor), cursor);
    }

    private boolean tell(WatchEvent event, long revision) throws InterruptedException {
        boolean open = delivery.deliver(event);
        told = revision;
        toldNanoTime = System.nanoTime();
        return open;
    }

    @Override
    public void close() {
        delivery.close();
        EtcdWatchStream open = stream;
        if (open != null) {
            open.nudge();
        }
    }
}
