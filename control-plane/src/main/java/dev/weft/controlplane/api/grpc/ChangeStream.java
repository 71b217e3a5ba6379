package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.WatchResponse;
import dev.weft.controlplane.events.publish.Backlog;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.WatchEvent;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One client's watch, on a virtual thread that waits for the client. What comes meanwhile is in a bounded backlog. A client
 * for whom that is too short, or that reads nothing for long, is told so and let go: it resumes where it stopped.
 */
final class ChangeStream {

    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(1);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(60);
    private static final int BATCH = 500;

    private final ServerCallStreamObserver<WatchResponse> stream;
    private final ChangeMessages messages;
    private final String serverRequestId;
    private final Thread thread;
    private volatile boolean shuttingDown;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();

    private long lastSent = System.nanoTime();
    /** All up to this revision has been told. */
    private long told;

    /**
     * To be made within the gRPC method.
     *
     * @param afterRevision resume after this revision; 0 to begin with what there is
     * @param onlyNew leave out what there is
     * @param whenOver told when the stream has ended
     */
    ChangeStream(
            ServerCallStreamObserver<WatchResponse> stream,
            ChangeMessages messages,
            String serverRequestId,
            Store store,
            long afterRevision,
            boolean onlyNew,
            Consumer<ChangeStream> whenOver) {
        this.stream = stream;
        this.messages = messages;
        this.serverRequestId = serverRequestId;
        this.thread = Thread.ofVirtual()
                .name("change-stream-" + serverRequestId)
                .unstarted(() -> run(store, afterRevision, onlyNew, whenOver));
        stream.setOnReadyHandler(this::wake);
        stream.setOnCancelHandler(thread::interrupt);
    }

    void start() {
        thread.start();
    }

    /** Tells the client, which may resume at another replica. */
    void shutDown() {
        shuttingDown = true;
        thread.interrupt();
    }

    private void wake() {
        lock.lock();
        try {
            ready.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run(Store store, long afterRevision, boolean onlyNew, Consumer<ChangeStream> whenOver) {
        RuntimeException reason;
        try {
            begin(store, afterRevision, onlyNew);
            reason = pump(store);
        } catch (InterruptedException _) {
            reason = interrupted();
        } catch (ServiceException e) {
            reason = e;
        } catch (RuntimeException e) {
            // The store's own waits end by an exception of its own.
            reason = thread.isInterrupted() ? interrupted() : failure(e);
        }
        whenOver.accept(this);
        if (!stream.isCancelled()) {
            stream.onError(ErrorMapper.map(reason, serverRequestId));
        }
    }

    private static RuntimeException failure(RuntimeException e) {
        return e instanceof StoreException
                ? e
                : new ServiceException(Reason.INTERNAL, "the watch failed: " + e.getMessage(), e);
    }

    private ServiceException interrupted() {
        return shuttingDown
                ? new ServiceException(
                        Reason.SHUTTING_DOWN, "the control plane is stopping; resume after the last revision that came")
                : new ServiceException(Reason.INTERNAL, "the client has gone");
    }

    private void begin(Store store, long afterRevision, boolean onlyNew) throws InterruptedException {
        if (afterRevision > 0) {
            told = afterRevision;
            return;
        }
        if (onlyNew) {
            told = store.revision();
        } else {
            Listing stored = store.list("");
            for (Entry entry : stored.entries()) {
                send(messages.ofSnapshot(stored.revision(), entry));
            }
            told = stored.revision();
        }
        send(Optional.of(WatchResponse.newBuilder().setInSyncRevision(told).build()));
    }

    /** Sends what comes; returns why no more does. */
    private ServiceException pump(Store store) throws InterruptedException {
        try (Backlog backlog = Backlog.after(store, told)) {
            while (true) {
                switch (backlog.take(BATCH, PROGRESS_INTERVAL)) {
                    case Backlog.Next.Revisions(List<WatchEvent.Changes> changes) -> {
                        for (WatchEvent.Changes revision : changes) {
                            send(revision);
                        }
                    }
                    case Backlog.Next.Quiet(long revision) -> {
                        if (revision > told) {
                            progress(revision);
                        }
                    }
                    case Backlog.Next.Full() -> {
                        return slow("the client is more than " + Backlog.MAX_MUTATIONS + " changes behind");
                    }
                    case Backlog.Next.Compacted(long oldest) -> {
                        return new ServiceException(
                                        Reason.REVISION_COMPACTED,
                                        "changes before revision " + oldest
                                                + " are not kept any more; begin with a snapshot")
                                .with("oldest_revision", Long.toString(oldest));
                    }
                }
            }
        }
    }

    private static ServiceException slow(String how) {
        return new ServiceException(
                Reason.SLOW_CONSUMER, how + "; resume after the last revision that came completely");
    }

    private void send(WatchEvent.Changes revision) throws InterruptedException {
        for (WatchEvent.Mutation mutation : revision.mutations()) {
            send(messages.of(revision.revision(), mutation));
        }
        // Revisions without a message of this client's kinds must not leave it behind the compaction.
        if (System.nanoTime() - lastSent >= PROGRESS_INTERVAL.toNanos()) {
            progress(revision.revision());
        }
    }

    private void progress(long revision) throws InterruptedException {
        send(Optional.of(
                WatchResponse.newBuilder().setProgressRevision(revision).build()));
        told = revision;
    }

    private void send(Optional<WatchResponse> message) throws InterruptedException {
        if (message.isEmpty()) {
            return;
        }
        awaitReady();
        stream.onNext(message.get());
        lastSent = System.nanoTime();
    }

    private void awaitReady() throws InterruptedException {
        long nanos = READ_PATIENCE.toNanos();
        lock.lockInterruptibly();
        try {
            while (!stream.isReady()) {
                if (nanos <= 0) {
                    throw slow("the client read nothing for " + READ_PATIENCE.toSeconds() + " s");
                }
                nanos = ready.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
