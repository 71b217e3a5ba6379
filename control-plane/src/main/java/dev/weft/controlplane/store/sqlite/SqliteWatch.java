package dev.weft.controlplane.store.sqlite;

import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchDelivery;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchListener;
import dev.weft.controlplane.store.WatchStart;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads history after the last revision told, whenever there is a newer one. Live and old changes come by this one way; a
 * slow listener costs no memory, only history, and may find it compacted.
 */
final class SqliteWatch implements Watch {

    private static final Logger log = LoggerFactory.getLogger(SqliteWatch.class);
    private static final int PAGE_ROWS = 128;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

    private final String prefix;
    private final WatchStart start;
    private final SqliteReaders readers;
    private final RevisionSignal signal;
    private final Duration progressInterval;
    private final WatchDelivery delivery;
    private final Consumer<SqliteWatch> onEnd;
    private final Thread thread;

    /** Everything up to here was told, or does not concern the prefix. */
    private long cursor;
    /** The revision of the last event. */
    private long told;

    private long toldNanoTime = System.nanoTime();

    /** What a look at the database says. */
    private sealed interface Look {
        record History(long revision, SqliteTables.ChangePage page) implements Look {}

        record Gone(long compacted) implements Look {}
    }

    SqliteWatch(
            String prefix,
            WatchStart start,
            WatchListener listener,
            SqliteReaders readers,
            RevisionSignal signal,
            Duration progressInterval,
            Consumer<SqliteWatch> onEnd) {
        this.prefix = prefix;
        this.start = start;
        this.readers = readers;
        this.signal = signal;
        this.progressInterval = progressInterval;
        this.onEnd = onEnd;
        this.delivery = new WatchDelivery("watch of " + prefix, listener);
        this.thread = Thread.ofVirtual().name("weft-store-watch " + prefix).unstarted(this::run);
    }

    void begin() {
        thread.start();
    }

    private void run() {
        try {
            boolean going = start();
            while (going && !delivery.isClosed()) {
                going = step();
            }
        } catch (InterruptedException _) {
            log.debug("watch of {} interrupted", prefix);
        } finally {
            onEnd.accept(this);
        }
    }

    private boolean start() throws InterruptedException {
        switch (start) {
            case WatchStart.After after -> {
                cursor = after.revision();
                told = cursor;
                return true;
            }
            case WatchStart.FromSnapshot _ -> {
                while (!delivery.isClosed()) {
                    try {
                        return snapshot();
                    } catch (StoreException e) {
                        pause(e);
                    }
                }
                return false;
            }
        }
    }

    private boolean snapshot() throws InterruptedException {
        WatchEvent.Snapshot snapshot = readers.read("watch " + prefix, tables -> {
            List<Entry> entries = tables.list(prefix);
            return new WatchEvent.Snapshot(tables.revision(), entries);
        });
        cursor = snapshot.revision();
        return tell(snapshot, snapshot.revision());
    }

    /** Returns whether the watch goes on. */
    private boolean step() throws InterruptedException {
        try {
            return switch (look()) {
                case Look.Gone gone -> gone(gone.compacted());
                case Look.History history -> tellAll(history);
            };
        } catch (StoreException e) {
            pause(e);
            return true;
        }
    }

    private Look look() {
        return readers.read("watch " + prefix, tables -> {
            long compacted = tables.compacted();
            return compacted > cursor
                    ? new Look.Gone(compacted)
                    : new Look.History(tables.revision(), tables.changesAfter(cursor, prefix, PAGE_ROWS));
        });
    }

    private boolean gone(long compacted) throws InterruptedException {
        return switch (start) {
            case WatchStart.FromSnapshot _ -> snapshot();
            case WatchStart.After _ -> {
                tell(new WatchEvent.Compacted(compacted), compacted);
                yield false;
            }
        };
    }

    private boolean tellAll(Look.History history) throws InterruptedException {
        for (WatchEvent.Changes changes : history.page().changes()) {
            if (!tell(changes, changes.revision())) {
                return false;
            }
            cursor = changes.revision();
        }
        if (!history.page().complete()) {
            return true;
        }
        cursor = Math.max(cursor, history.revision());
        Duration wait = IDLE;
        if (cursor > told) {
            Duration sinceTold = Duration.ofNanos(System.nanoTime() - toldNanoTime);
            if (sinceTold.compareTo(progressInterval) >= 0) {
                return tell(new WatchEvent.Progress(cursor), cursor);
            }
            wait = progressInterval.minus(sinceTold);
        }
        signal.awaitAfter(cursor, wait, delivery::isClosed);
        return true;
    }

    private boolean tell(WatchEvent event, long revision) throws InterruptedException {
        boolean open = delivery.deliver(event);
        told = revision;
        toldNanoTime = System.nanoTime();
        return open;
    }

    private void pause(StoreException e) throws InterruptedException {
        if (e.kind() == Kind.CLOSED) {
            delivery.close();
            return;
        }
        log.warn("watch of {} will look again: {}", prefix, e.getMessage());
        boolean _ = delivery.awaitClose(PAUSE_AFTER_ERROR);
    }

    @Override
    public void close() {
        delivery.close();
        signal.wakeAll();
    }
}
