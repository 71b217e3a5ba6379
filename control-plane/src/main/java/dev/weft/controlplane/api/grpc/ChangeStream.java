package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.WatchResponse;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's watch. The store's watch puts events into a bounded queue and never waits; a virtual thread takes them out
 * as fast as the client reads. A client that falls too far behind is told so and let go: it resumes where it stopped.
 */
final class ChangeStream {

    /** Mutations queued for a client at most; a snapshot counts as one. */
    static final int MAX_QUEUED = 20_000;

    private static final long PROGRESS_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Why the stream ends. */
    private sealed interface End {

        /** The client went away. */
        record Cancelled() implements End {}

        record Refused(ServiceException reason) implements End {}
    }

    private final ServerCallStreamObserver<WatchResponse> stream;
    private final ChangeMessages messages;
    private final String serverRequestId;
    private final Consumer<ChangeStream> whenOver;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<WatchEvent> queue = new ArrayDeque<>();
    private int queued;
    private long lastSent = System.nanoTime();
    private boolean snapshotSeen;
    private Optional<End> end = Optional.empty();
    private @Nullable Watch watch;

    /** @param whenOver told when the stream has ended */
    ChangeStream(
            ServerCallStreamObserver<WatchResponse> stream,
            ChangeMessages messages,
            String serverRequestId,
            Consumer<ChangeStream> whenOver) {
        this.stream = stream;
        this.messages = messages;
        this.serverRequestId = serverRequestId;
        this.whenOver = whenOver;
    }

    void shutDown() {
        finish(new End.Refused(new ServiceException(
                Reason.SHUTTING_DOWN, "the control plane is stopping; resume after the last revision that came")));
    }

    /** To be called from within the gRPC method. */
    void start(Store store, long afterRevision, boolean onlyNew) {
        stream.setOnReadyHandler(this::wake);
        stream.setOnCancelHandler(() -> finish(new End.Cancelled()));
        WatchStart start;
        if (afterRevision > 0) {
            start = new WatchStart.After(afterRevision);
        } else if (onlyNew) {
            long revision = store.revision();
            stream.onNext(WatchResponse.newBuilder().setInSyncRevision(revision).build());
            start = new WatchStart.After(revision);
        } else {
            start = new WatchStart.FromSnapshot();
        }
        Watch opened = store.watch("", start, this::offer);
        lock.lock();
        try {
            watch = opened;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("change-stream-" + serverRequestId).start(this::run);
    }

    /** Called by the store's watch; does not wait. */
    private void offer(WatchEvent event) {
        lock.lock();
        try {
            switch (event) {
                case WatchEvent.Snapshot _
                when snapshotSeen ->
                    endWith(new End.Refused(new ServiceException(
                            Reason.REVISION_COMPACTED,
                            "the store could not tell all changes since the last one sent; begin with a snapshot")));
                case WatchEvent.Snapshot _ -> {
                    snapshotSeen = true;
                    enqueue(event, 1);
                }
                case WatchEvent.Changes(long _, List<WatchEvent.Mutation> mutations) ->
                    enqueue(event, mutations.size());
                case WatchEvent.Progress _ -> {
                    // Only the newest matters, and none while changes wait: theirs will do.
                    if (queue.isEmpty()) {
                        enqueue(event, 1);
                    }
                }
                case WatchEvent.Compacted(long oldest) ->
                    endWith(new End.Refused(new ServiceException(
                                    Reason.REVISION_COMPACTED,
                                    "changes before revision " + oldest
                                            + " are not kept any more; begin with a snapshot")
                            .with("oldest_revision", Long.toString(oldest))));
            }
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(WatchEvent event, int size) {
        if (queued > 0 && queued + size > MAX_QUEUED) {
            endWith(new End.Refused(new ServiceException(
                    Reason.SLOW_CONSUMER,
                    "the client is more than " + MAX_QUEUED
                            + " changes behind; resume after the last revision that came completely")));
            return;
        }
        queue.addLast(event);
        queued += size;
        changed.signalAll();
    }

    private void endWith(End reason) {
        if (end.isEmpty()) {
            end = Optional.of(reason);
            changed.signalAll();
        }
    }

    private void finish(End reason) {
        lock.lock();
        try {
            endWith(reason);
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        End reason;
        try {
            reason = pump();
        } catch (RuntimeException e) {
            reason = new End.Refused(new ServiceException(Reason.INTERNAL, "the watch failed: " + e.getMessage(), e));
        }
        Watch opened;
        lock.lock();
        try {
            queue.clear();
            opened = watch;
        } finally {
            lock.unlock();
        }
        if (opened != null) {
            opened.close();
        }
        whenOver.accept(this);
        if (reason instanceof End.Refused(ServiceException refusal)) {
            stream.onError(ErrorMapper.map(refusal, serverRequestId));
        }
    }

    /** Sends what comes, until there is a reason to end. A client that is too slow does not get what is queued. */
    private End pump() {
        while (true) {
            WatchEvent event;
            lock.lock();
            try {
                while (queue.isEmpty() && end.isEmpty()) {
                    changed.awaitUninterruptibly();
                }
                if (end.isPresent()) {
                    return end.get();
                }
                event = queue.removeFirst();
                queued -= sizeOf(event);
            } finally {
                lock.unlock();
            }
            Optional<End> cut = send(event);
            if (cut.isPresent()) {
                return cut.get();
            }
        }
    }

    private static int sizeOf(WatchEvent event) {
        return event instanceof WatchEvent.Changes(long _, List<WatchEvent.Mutation> mutations) ? mutations.size() : 1;
    }

    private Optional<End> send(WatchEvent event) {
        switch (event) {
            case WatchEvent.Snapshot(long revision, List<Entry> entries) -> {
                for (Entry entry : entries) {
                    Optional<End> cut = send(messages.ofSnapshot(revision, entry));
                    if (cut.isPresent()) {
                        return cut;
                    }
                }
                return send(Optional.of(
                        WatchResponse.newBuilder().setInSyncRevision(revision).build()));
            }
            case WatchEvent.Changes(long revision, List<WatchEvent.Mutation> mutations) -> {
                for (WatchEvent.Mutation mutation : mutations) {
                    Optional<End> cut = send(messages.of(revision, mutation));
                    if (cut.isPresent()) {
                        return cut;
                    }
                }
                // Revisions without a message of this client's kinds must not leave it behind the compaction.
                return System.nanoTime() - lastSent < PROGRESS_INTERVAL_NANOS ? Optional.empty() : progress(revision);
            }
            case WatchEvent.Progress(long revision) -> {
                return progress(revision);
            }
            case WatchEvent.Compacted _ -> throw new IllegalStateException("ends the stream before it is queued");
        }
    }

    private Optional<End> progress(long revision) {
        return send(Optional.of(
                WatchResponse.newBuilder().setProgressRevision(revision).build()));
    }

    private Optional<End> send(Optional<WatchResponse> message) {
        if (message.isEmpty()) {
            return Optional.empty();
        }
        lock.lock();
        try {
            while (!stream.isReady() && end.isEmpty()) {
                changed.awaitUninterruptibly();
            }
            if (end.isPresent()) {
                return end;
            }
        } finally {
            lock.unlock();
        }
        stream.onNext(message.get());
        lastSent = System.nanoTime();
        return Optional.empty();
    }
}
