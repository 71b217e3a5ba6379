package dev.weft.controlplane.store;

import static dev.weft.controlplane.store.StoreFixture.assertFails;

import dev.weft.controlplane.store.StoreException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises, and the inherited contracts say in parts. A subclass says how an empty store is opened. */
@Timeout(90)
public abstract class StoreContractTest
        implements TransactionContract, WatchContract, CompactionContract, TimeToLiveContract {

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    /** An empty store, or an empty part of one. Progress must be told within a few seconds. */
    protected abstract Store openEmpty() throws Exception;

    @Override
    public final Store store() {
        return store;
    }

    @BeforeEach
    void open() throws Exception {
        store = openEmpty();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aClosedStoreSaysSo() {
        TimeToLive timeToLive = store.grantTimeToLive(Duration.ofHours(1));
        long revision = put("a", ONE);
        RecordedEvents events = new RecordedEvents();
        Watch watch = store.watch("", new WatchStart.FromSnapshot(), events);
        events.await("the snapshot", e -> !e.all().isEmpty());
        store.close();
        store.close();

        assertFails(Kind.CLOSED, () -> store.get("a"));
        assertFails(Kind.CLOSED, () -> store.list(""));
        assertFails(Kind.CLOSED, () -> put("a", TWO));
        assertFails(Kind.CLOSED, () -> store.revision());
        assertFails(Kind.CLOSED, () -> store.compact(revision));
        assertFails(Kind.CLOSED, () -> store.watch("", new WatchStart.FromSnapshot(), events));
        assertFails(Kind.CLOSED, () -> store.grantTimeToLive(Duration.ofHours(1)));
        assertFails(Kind.CLOSED, () -> store.renew(timeToLive));
        assertFails(Kind.CLOSED, () -> store.revoke(timeToLive));
        watch.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomOperationsDoWhatTheModelDoes(long seed) {
        new RandomOperations(store, seed).run(250);
    }
}
