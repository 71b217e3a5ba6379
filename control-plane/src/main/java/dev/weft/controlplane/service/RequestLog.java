package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.service.Call.RequestIdentity;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.TimeToLive;
import dev.weft.controlplane.store.Transaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, in the store and in the transaction itself, what a request with an id did. Records of one minute share one
 * time to live, so that ids cost no grant each.
 */
final class RequestLog {

    /** How long a repetition is recognised, at least. */
    static final Duration MEMORY = Duration.ofMinutes(15);

    private record Minute(Instant begin, TimeToLive timeToLive) {}

    private final Store store;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Minute current;

    RequestLog(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * What the request did when it came first.
     *
     * @throws ServiceException with {@link Reason#REQUEST_ID_REUSED} if another request had the id
     */
    Optional<RequestRecord> find(Call call) {
        if (call.request().isEmpty()) {
            return Optional.empty();
        }
        RequestIdentity identity = call.request().get();
        Optional<RequestRecord> found = store.get(Keys.request(identity.id()))
                .map(entry -> ModelCodec.REQUEST_RECORD.decode(entry).value());
        if (found.isPresent()
                && !(found.get().method().equals(call.method())
                        && found.get().requestHash().equals(identity.hash()))) {
            throw new ServiceException(
                            Reason.REQUEST_ID_REUSED,
                            "request id '" + identity.id() + "' was used for another request ("
                                    + found.get().method() + ") within the last " + MEMORY.toMinutes()
                                    + " minutes; choose a new one")
                    .with("request_id", identity.id());
        }
        return found;
    }

    /** Adds the record, and the condition that there is none yet. */
    void record(Call call, Draft<?> draft, Transaction.Builder transaction) {
        call.request().ifPresent(identity -> {
            String key = Keys.request(identity.id());
            ByteString value = ModelCodec.REQUEST_RECORD.encode(
                    new RequestRecord(call.method(), identity.hash(), draft.resultId(), draft.resultName()));
            transaction.whenAbsent(key).put(key, value, timeToLive());
        });
    }

    /** To be called when the store said that the time to live has ended. */
    void forgetTimeToLive() {
        lock.lock();
        try {
            current = null;
        } finally {
            lock.unlock();
        }
    }

    private TimeToLive timeToLive() {
        lock.lock();
        try {
            Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
            Minute known = current;
            if (known == null || !known.begin().equals(minute)) {
                // One minute more: a record written at the minute's end is kept for the whole memory, too.
                known = new Minute(minute, store.grantTimeToLive(MEMORY.plusMinutes(1)));
                current = known;
            }
            return known.timeToLive();
        } finally {
            lock.unlock();
        }
    }
}
