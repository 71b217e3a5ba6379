package dev.weft.controlplane.events.publish;

import dev.weft.controlplane.codec.DamagedValueException;
import dev.weft.controlplane.events.Event;
import dev.weft.controlplane.events.EventMapping;
import dev.weft.controlplane.events.Progress;
import dev.weft.controlplane.events.Relist;
import dev.weft.controlplane.leadership.Tenure;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one session publishes: from where the last one stopped, until the tenure is over or something fails. */
final class Publication {

    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    /** Most changes of keys in one write, but one revision at least. */
    private static final int BATCH = 500;

    /** How often progress is written while nothing that has events changes. */
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(10);

    private final Store store;
    private final EventLog.Session session;
    private final Tenure tenure;
    private final LongConsumer published;

    /** Every change up to this revision is published or has no event. */
    private long handled;

    /** Of the last progress that was written. */
    private long written;

    private long writtenNanoTime = System.nanoTime();

    /** @param published told of each revision up to which all has been published */
    Publication(Store store, EventLog.Session session, Tenure tenure, LongConsumer published) {
        this.store = store;
        this.session = session;
        this.tenure = tenure;
        this.published = published;
    }

    void run() throws InterruptedException {
        Optional<Progress> progress = session.progress();
        handled = progress.map(Progress::revision).orElse(0L);
        written = handled;
        if (progress.isEmpty()) {
            relist("nothing was published yet");
        } else if (progress.get().isResumable(tenure.term(), store.revision())) {
            LOG.info("Publishing events after revision {}, term {}", handled, tenure.term());
            published.accept(handled);
        } else {
            relist("the last listing was not completed, or the store is another one: " + progress.get());
        }
        while (!tenure.isOver()) {
            try (Backlog backlog = Backlog.after(store, handled)) {
                drain(backlog);
            }
        }
    }

    /** Publishes from the backlog until another one is needed. */
    private void drain(Backlog backlog) throws InterruptedException {
        while (!tenure.isOver()) {
            switch (backlog.take(BATCH, PROGRESS_INTERVAL)) {
                case Backlog.Next.Revisions(List<WatchEvent.Changes> changes) ->
                    publish(events(changes), changes.getLast().revision());
                case Backlog.Next.Quiet(long revision) -> publish(List.of(), revision);
                case Backlog.Next.Full() -> {
                    return;
                }
                case Backlog.Next.Compacted _ -> {
                    relist("the store has not kept what came after revision " + handled);
                    return;
                }
            }
        }
    }

    private static List<Event> events(List<WatchEvent.Changes> changes) {
        List<Event> events = new ArrayList<>();
        for (WatchEvent.Changes revision : changes) {
            for (WatchEvent.Mutation mutation : revision.mutations()) {
                try {
                    EventMapping.of(revision.revision(), mutation).ifPresent(events::add);
                } catch (DamagedValueException e) {
                    leftOut(e);
                }
            }
        }
        return events;
    }

    private static void leftOut(DamagedValueException e) {
        LOG.error("Publishing without an event: {}", e.getMessage());
    }

    private void publish(List<Event> events, long revision) {
        handled = Math.max(handled, revision);
        boolean progressIsDue = handled > written && System.nanoTime() - writtenNanoTime >= PROGRESS_INTERVAL.toNanos();
        // What has no events does not hurry: its progress goes with the next event, or when it is due.
        if (!events.isEmpty() || progressIsDue) {
            write(events);
        } else if (handled > written) {
            published.accept(handled);
        }
    }

    private void write(List<Event> events) {
        session.publish(events, new Progress(handled, tenure.term(), false));
        written = handled;
        writtenNanoTime = System.nanoTime();
        published.accept(handled);
    }

    /**
     * Publishes how what is stored differs from what was published. In several writes: until the last one, the progress
     * says that a listing is not complete, and whoever finds that begins it anew, with what has been published by then.
     */
    private void relist(String reason) throws InterruptedException {
        Listing stored = store.list("");
        LOG.info("Listing what is stored as of revision {} for subscribers: {}", stored.revision(), reason);
        Progress incomplete = new Progress(written, tenure.term(), true);
        Iterator<Event> events =
                Relist.events(stored, session.published(), Publication::leftOut).iterator();
        int count = 0;
        while (events.hasNext()) {
            List<Event> batch = new ArrayList<>();
            while (events.hasNext() && batch.size() < BATCH) {
                batch.add(events.next());
            }
            if (tenure.isOver()) {
                throw new InterruptedException("the tenure is over");
            }
            session.publish(batch, incomplete);
            count += batch.size();
        }
        handled = stored.revision();
        write(List.of());
        LOG.info("Listed what differed as of revision {}: {} entities", handled, count);
    }
}
