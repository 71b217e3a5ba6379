package dev.weft.controlplane.events.publish;

import dev.weft.controlplane.leadership.LeaderTask;
import dev.weft.controlplane.leadership.Tenure;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes each revision of the store once and in order, while this replica leads.
 *
 * <p>How far it has come is written with the events themselves, all or nothing, and read back whenever a session with the
 * log begins: after a failure of whatever kind, in which a write may or may not have been made, and by the next leader.
 * The log lets only the newest session write. A session that a deposed leader opens late could take the right from its
 * successor's; so each asks the store whether it still leads, after it opened its session and before it writes.
 */
public final class EventPublisher implements LeaderTask {

    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Store store;
    private final EventLog log;
    private final Clock clock;
    private volatile PublisherStatus status = new PublisherStatus.NotLeading();

    public EventPublisher(Store store, EventLog log, Clock clock) {
        this.store = store;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "event-publisher";
    }

    public PublisherStatus status() {
        return status;
    }

    @Override
    public void lead(Tenure tenure) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        try {
            while (!tenure.isOver()) {
                boolean published = attempt(tenure);
                pause = published ? FIRST_PAUSE : longer(pause);
                if (tenure.awaitEnd(pause)) {
                    return;
                }
            }
        } finally {
            status = new PublisherStatus.NotLeading();
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    /** Publishes until that fails or the tenure is over; returns whether it could publish at all. */
    private boolean attempt(Tenure tenure) throws InterruptedException {
        try (EventLog.Session session = log.open(tenure.term())) {
            if (tenure.isConfirmed()) {
                new Publication(store, session, tenure, this::reached).run();
            }
            return true;
        } catch (EventLogException | StoreException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("while publishing");
            }
            boolean published = status instanceof PublisherStatus.Publishing;
            waits(String.valueOf(e.getMessage()));
            return published;
        }
    }

    private void waits(String reason) {
        status = switch (status) {
            case PublisherStatus.Waiting(long revision, String last, var since) -> {
                if (last.equals(reason)) {
                    LOG.debug("Still not publishing events: {}", reason);
                } else {
                    LOG.warn("Still not publishing events: {}", reason);
                }
                yield new PublisherStatus.Waiting(revision, reason, since);
            }
            case PublisherStatus.Publishing(long revision) -> {
                LOG.warn("Publishing events is put off after revision {}: {}", revision, reason);
                yield new PublisherStatus.Waiting(revision, reason, clock.instant());
            }
            case PublisherStatus.NotLeading _ -> {
                LOG.warn("Publishing events is put off: {}", reason);
                yield new PublisherStatus.Waiting(0, reason, clock.instant());
            }
        };
    }

    private void reached(long revision) {
        if (status instanceof PublisherStatus.Waiting) {
            LOG.info("Publishing events again, up to revision {}", revision);
        }
        status = new PublisherStatus.Publishing(revision);
    }
}
