package dev.weft.controlplane.service;

import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.Transaction;
import dev.weft.ops.LogFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs use cases: decide on the replica, commit one transaction whose compares hold all that was decided on, decide again
 * on a conflict, and answer when the replica shows the result (read your writes).
 *
 * <p>The replica may lag behind other writers, so a refusal counts only when it was decided on everything that was
 * committed before the request came; otherwise it is decided once more.
 */
final class Transactor {

    private static final Logger LOG = LoggerFactory.getLogger(Transactor.class);

    private static final int MAX_ATTEMPTS = 24;
    private static final long MAX_PAUSE_MILLIS = 64;
    private static final Duration REPLICA_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOST_ANSWER_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOST_ANSWER_PAUSE = Duration.ofMillis(100);

    /**
     * A use case's result.
     *
     * @param revision of the transaction; 0 if nothing was to be written
     */
    record Done<T>(T result, long revision, Origin origin) {

        enum Origin {
            COMMITTED,
            /** The answer of an earlier request with the same id. */
            REPEATED,
            VALIDATED
        }
    }

    private final Store store;
    private final ClusterState state;
    private final AddressReservations reservations;
    private final RequestLog requests;

    Transactor(Store store, ClusterState state, RequestLog requests) {
        this.store = store;
        this.state = state;
        this.requests = requests;
        this.reservations = new AddressReservations();
    }

    <T> Done<T> run(Call call, UseCase<T> useCase) {
        // Drafts whose commit got no answer: any of them may turn out to be applied, even later on.
        List<Draft<T>> lost = new ArrayList<>();
        boolean refreshed = false;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            // What is decided knows at least this; the replica may go on meanwhile.
            long seen = state.read(ClusterView::revision);
            try (AddressReservations.Batch batch = reservations.open()) {
                Draft<T> draft;
                try {
                    draft = useCase.decide(batch);
                } catch (ServiceException refusal) {
                    Optional<Done<T>> earlier = earlier(call, useCase, lost);
                    if (earlier.isPresent()) {
                        return earlier.get();
                    }
                    if (!refreshed && seen < store.revision()) {
                        refresh();
                        refreshed = true;
                        continue;
                    }
                    throw refusal;
                }
                if (call.mode() == Call.Mode.VALIDATE_ONLY) {
                    return new Done<>(draft.result(), 0, Done.Origin.VALIDATED);
                }
                OptionalLong revision = commit(call, draft, lost);
                if (revision.isPresent()) {
                    noteForLog(revision.getAsLong());
                    awaitReplica(revision.getAsLong());
                    return new Done<>(draft.result(), revision.getAsLong(), Done.Origin.COMMITTED);
                }
            }
            refresh();
            refreshed = true;
            Optional<Done<T>> earlier = earlier(call, useCase, lost);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            pause(attempt);
        }
        throw new ServiceException(
                Reason.CONTENTION,
                call.method() + " lost against other changes of the same objects " + MAX_ATTEMPTS
                        + " times; nothing was written; try again");
    }

    /** While a request is served, its lines in the log say what it has written; whoever serves it ends that. */
    private static void noteForLog(long revision) {
        if (MDC.get(LogFormat.REQUEST) != null) {
            MDC.put(LogFormat.REVISION, Long.toString(revision));
        }
    }

    /** Brings the replica to everything committed up to now, as far as that takes no longer than a few seconds. */
    void refresh() {
        awaitReplica(store.revision());
    }

    /** Commits; empty if it must be decided again. */
    private <T> OptionalLong commit(Call call, Draft<T> draft, List<Draft<T>> lost) {
        requests.record(call, draft, draft.transaction());
        Transaction transaction = draft.transaction().build();
        try {
            return switch (store.commit(transaction)) {
                case CommitResult.Committed(long revision) -> OptionalLong.of(revision);
                case CommitResult.Conflict() -> OptionalLong.empty();
            };
        } catch (StoreException e) {
            return switch (e.kind()) {
                case OUTCOME_UNKNOWN -> {
                    lost.add(draft);
                    yield recover(draft, e);
                }
                case EXPIRED -> {
                    requests.forgetTimeToLive();
                    yield OptionalLong.empty();
                }
                case UNAVAILABLE, TOO_LARGE, FULL, CLOSED, INTERNAL -> throw e;
            };
        }
    }

    /** After a lost answer: asks the store, as soon as it can be asked, whether the transaction was applied. */
    private OptionalLong recover(Draft<?> draft, StoreException lostAnswer) {
        long deadline = System.nanoTime() + LOST_ANSWER_PATIENCE.toNanos();
        while (true) {
            try {
                OptionalLong applied = applied(draft);
                LOG.warn(
                        "Answer to a commit was lost; it was {}applied: {}",
                        applied.isPresent() ? "" : "not ",
                        lostAnswer.getMessage());
                return applied;
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.UNAVAILABLE || System.nanoTime() > deadline) {
                    lostAnswer.addSuppressed(e);
                    throw lostAnswer;
                }
            }
            sleep(LOST_ANSWER_PAUSE);
        }
    }

    private OptionalLong applied(Draft<?> draft) {
        Optional<Entry> entry = store.get(draft.evidence().key());
        return switch (draft.evidence()) {
            case Draft.Evidence.Written written ->
                entry.filter(found -> found.value().equals(written.value())).stream()
                        .mapToLong(Entry::modRevision)
                        .findFirst();
            case Draft.Evidence.Gone _ -> entry.isPresent() ? OptionalLong.empty() : OptionalLong.of(store.revision());
        };
    }

    private <T> Optional<Done<T>> earlier(Call call, UseCase<T> useCase, List<Draft<T>> lost) {
        for (Draft<T> draft : lost) {
            OptionalLong revision = applied(draft);
            if (revision.isPresent()) {
                awaitReplica(revision.getAsLong());
                return Optional.of(new Done<>(draft.result(), revision.getAsLong(), Done.Origin.COMMITTED));
            }
        }
        if (call.mode() == Call.Mode.VALIDATE_ONLY) {
            return Optional.empty();
        }
        Optional<RequestRecord> record = requests.find(call);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        refresh();
        return Optional.of(new Done<>(useCase.repeat(record.get()), 0, Done.Origin.REPEATED));
    }

    /** Waits, for a few seconds at most, until the replica knows the revision. */
    void awaitReplica(long revision) {
        try {
            if (!state.awaitRevision(revision, REPLICA_PATIENCE)) {
                LOG.warn("The replica has not reached revision {} within {}", revision, REPLICA_PATIENCE);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void pause(int attempt) {
        long bound = Math.min(MAX_PAUSE_MILLIS, 1L << attempt);
        sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound)));
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static ServiceException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ServiceException(
                Reason.INTERRUPTED, "the control plane stopped waiting; the request may have been carried out", cause);
    }
}
