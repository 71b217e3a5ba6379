package dev.weft.controlplane.api.rest;

import dev.weft.controlplane.codec.DamagedValueException;
import dev.weft.controlplane.events.Event;
import dev.weft.controlplane.events.EventMapping;
import dev.weft.controlplane.events.publish.Backlog;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.WatchEvent;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream, on a virtual thread that waits for the client. What comes meanwhile is in a bounded backlog; a
 * client for whom that is too short is told so and let go.
 */
final class EventStream {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** How often a quiet stream says where to resume, which also keeps connections open. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    /** How often a quiet stream looks whether the store is there. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** A client that takes nothing for so long has gone, or may as well. */
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(60);

    private static final int BATCH = 500;
    private static final int CHUNK_CHARACTERS = 64 * 1024;

    /** The client takes no more. */
    private static final class Gone extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final Store store;
    private final HttpServerResponse response;
    private final Supplier<Optional<Instant>> staleSince;
    private final InstantSource clock;
    private final Thread thread;
    private boolean stale;
    private long writtenNanoTime = System.nanoTime();
    private volatile boolean shuttingDown;

    /**
     * @param staleSince since when this control plane may not know of changes; empty as long as it does
     * @param after resume after this revision; begin with a listing if empty
     * @param whenOver told when the stream has ended
     */
    EventStream(
            Store store,
            HttpServerResponse response,
            Supplier<Optional<Instant>> staleSince,
            InstantSource clock,
            OptionalLong after,
            Consumer<EventStream> whenOver) {
        this.store = store;
        this.response = response;
        this.staleSince = staleSince;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("event-stream").unstarted(() -> {
            try {
                run(after);
            } finally {
                whenOver.accept(this);
            }
        });
    }

    void start() {
        response.closeHandler(_ -> thread.interrupt());
        thread.start();
    }

    /** Tells the client, which may resume at another replica. */
    void shutDown() throws InterruptedException {
        shuttingDown = true;
        thread.interrupt();
        thread.join(Duration.ofSeconds(2));
    }

    private void run(OptionalLong after) {
        String goodbye = "";
        try {
            goodbye = pump(after);
        } catch (InterruptedException _) {
            if (shuttingDown) {
                goodbye = EventText.end("SHUTTING_DOWN", "the control plane is stopping; resume after the last id");
            }
        } catch (Gone _) {
            LOG.debug("A subscriber has gone");
            response.reset();
            return;
        } catch (RuntimeException e) {
            LOG.warn("A stream of events ends", e);
            goodbye = EventText.end("UNAVAILABLE", "the store cannot be read now; resume after the last id");
        }
        var _ = response.end(goodbye);
    }

    /** Returns the last words. */
    private String pump(OptionalLong after) throws InterruptedException, Gone {
        long revision = after.isPresent() ? after.getAsLong() : list("begins");
        while (true) {
            try (Backlog backlog = Backlog.after(store, revision)) {
                if (drain(backlog)) {
                    return EventText.end(
                            "SLOW_CONSUMER",
                            "more than " + Backlog.MAX_MUTATIONS + " changes behind; resume after the last id");
                }
            }
            revision = list("the changes after the last id are not kept any more");
        }
    }

    private long list(String reason) throws InterruptedException, Gone {
        Listing stored = store.list("");
        StringBuilder text = new StringBuilder(EventText.listing(reason));
        for (Entry entry : stored.entries()) {
            try {
                EventMapping.listed(entry).ifPresent(event -> text.append(EventText.of(event, false)));
            } catch (DamagedValueException e) {
                LOG.error("Leaving an event out: {}", e.getMessage());
            }
            flush(text, CHUNK_CHARACTERS);
        }
        flush(text.append(EventText.inSync(stored.revision())), 0);
        return stored.revision();
    }

    /** Returns whether the client was too slow; otherwise a listing is needed. */
    private boolean drain(Backlog backlog) throws InterruptedException, Gone {
        while (true) {
            tellStaleness();
            switch (backlog.take(BATCH, LOOK)) {
                case Backlog.Next.Revisions(List<WatchEvent.Changes> changes) -> send(changes);
                case Backlog.Next.Quiet(long revision) -> {
                    if (System.nanoTime() - writtenNanoTime >= QUIET.toNanos()) {
                        write(EventText.progress(revision));
                    }
                }
                case Backlog.Next.Full() -> {
                    return true;
                }
                case Backlog.Next.Compacted _ -> {
                    return false;
                }
            }
        }
    }

    /** A stream that is quiet since nothing changes, and one that is since nobody knows, are told apart. */
    private void tellStaleness() throws InterruptedException, Gone {
        Optional<Instant> since = staleSince.get();
        if (since.isPresent() != stale) {
            stale = since.isPresent();
            write(since.map(EventText::stale).orElseGet(() -> EventText.fresh(clock.instant())));
        }
    }

    private void send(List<WatchEvent.Changes> changes) throws InterruptedException, Gone {
        StringBuilder text = new StringBuilder();
        for (WatchEvent.Changes revision : changes) {
            List<Event> events = new ArrayList<>();
            for (WatchEvent.Mutation mutation : revision.mutations()) {
                try {
                    EventMapping.of(revision.revision(), mutation).ifPresent(events::add);
                } catch (DamagedValueException e) {
                    LOG.error("Leaving an event out: {}", e.getMessage());
                }
            }
            for (int i = 0; i < events.size(); i++) {
                text.append(EventText.of(events.get(i), i == events.size() - 1));
            }
            flush(text, CHUNK_CHARACTERS);
        }
        flush(text, 0);
    }

    private void flush(StringBuilder text, int threshold) throws InterruptedException, Gone {
        if (text.length() > threshold) {
            write(text.toString());
            text.setLength(0);
        }
    }

    /** Returns when the network has taken it. */
    private void write(String text) throws InterruptedException, Gone {
        try {
            var _ = response.write(text)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(WRITE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            writtenNanoTime = System.nanoTime();
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            Gone gone = new Gone();
            gone.initCause(e);
            throw gone;
        }
    }
}
