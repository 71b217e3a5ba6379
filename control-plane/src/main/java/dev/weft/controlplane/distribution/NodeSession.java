package dev.weft.controlplane.distribution;

import dev.weft.controlplane.desired.Row;
import dev.weft.controlplane.desired.RowKey;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.node.v1.ControlMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open stream to one node. Anything may be put into it at any time without waiting; one task at a time sends, as
 * long as the stream takes more.
 */
final class NodeSession {

    private static final Logger log = LoggerFactory.getLogger(NodeSession.class);

    /** A node that was asked to dial back has done so by then. */
    private static final Duration DIALS_BACK = Duration.ofSeconds(3);

    private final NodeName node;
    private final long epoch;
    private final ServerCallStreamObserver<ControlMessage> stream;
    private final Executor executor;

    private final ReentrantLock lock = new ReentrantLock();
    private final Outbox outbox = new Outbox();
    private Optional<Status> end = Optional.empty();
    private boolean progressDue;
    private boolean finished;

    private final long dialledNanoTime = System.nanoTime();
    private volatile long lastAskedNanoTime = dialledNanoTime - DIALS_BACK.toNanos();

    /** How often sending was asked for since the task last looked: above 0 while a task runs. */
    private final AtomicInteger wanted = new AtomicInteger();

    NodeSession(NodeName node, long epoch, ServerCallStreamObserver<ControlMessage> stream, Executor executor) {
        this.node = node;
        this.epoch = epoch;
        this.stream = stream;
        this.executor = executor;
    }

    NodeName node() {
        return node;
    }

    /** That of the registration which opened the session. */
    long epoch() {
        return epoch;
    }

    void welcome() {
        change(box -> box.welcome(epoch));
    }

    void begin(long revision, Collection<Row> rows) {
        change(box -> box.snapshot(revision, rows));
    }

    void resend(String network, long revision, Collection<Row> rows) {
        change(box -> box.snapshotOf(network, revision, rows));
    }

    void update(long revision, Map<RowKey, PendingChange> rows) {
        change(box -> box.change(revision, rows));
    }

    /** Whether the node has been here that long, and is not about to dial back to this replica. */
    boolean isSettled(Duration stay) {
        long now = System.nanoTime();
        return now - dialledNanoTime >= stay.toNanos() && now - lastAskedNanoTime >= DIALS_BACK.toNanos();
    }

    void openExec(String execId) {
        lastAskedNanoTime = System.nanoTime();
        change(box -> box.openExec(execId));
    }

    void openAudit(String auditId, List<SandboxId> sandboxes) {
        lastAskedNanoTime = System.nanoTime();
        change(box -> box.openAudit(auditId, sandboxes));
    }

    /**
     * Tells the node how far it is, if nothing else did.
     *
     * @param revision up to which the node's changes have been put in
     */
    void tellProgress(long revision) {
        lock.lock();
        try {
            outbox.advance(revision);
            progressDue = true;
        } finally {
            lock.unlock();
        }
        send();
    }

    /** The revision that the node holds once it has read everything, if nothing more is on its way to the stream. */
    Optional<Long> settledRevision() {
        lock.lock();
        try {
            return outbox.isDrained() ? Optional.of(outbox.toldRevision()) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream, after the message that is being sent. */
    void end(Status status) {
        lock.lock();
        try {
            if (end.isEmpty()) {
                end = Optional.of(status);
            }
        } finally {
            lock.unlock();
        }
        send();
    }

    private void change(Consumer<Outbox> step) {
        lock.lock();
        try {
            step.accept(outbox);
        } finally {
            lock.unlock();
        }
        send();
    }

    /** Sees to it that what can be sent is sent soon, by another thread. */
    void send() {
        if (wanted.getAndIncrement() == 0) {
            try {
                executor.execute(this::sendWhatWaits);
            } catch (RejectedExecutionException e) {
                log.debug("nothing more goes to node {}: shutting down", node, e);
            }
        }
    }

    private void sendWhatWaits() {
        int seen = wanted.get();
        do {
            try {
                sendWhileReady();
            } catch (RuntimeException e) {
                // A call that was cancelled meanwhile, mostly; the daemon dials again and gets a snapshot.
                log.info("cannot send to node {} any more", node, e);
                end(Status.INTERNAL.withDescription("sending to node " + node + " failed: " + e));
            }
            seen = wanted.addAndGet(-seen);
        } while (seen > 0);
    }

    private void sendWhileReady() {
        while (true) {
            Optional<ControlMessage> message;
            lock.lock();
            try {
                if (end.isPresent()) {
                    finish(end.get());
                    return;
                }
                message = stream.isReady() ? take() : Optional.empty();
            } finally {
                lock.unlock();
            }
            if (message.isEmpty()) {
                return;
            }
            stream.onNext(message.get());
        }
    }

    private Optional<ControlMessage> take() {
        Optional<ControlMessage> message = outbox.next();
        if (message.isEmpty() && progressDue) {
            progressDue = false;
            return outbox.progress();
        }
        return message;
    }

    private void finish(Status status) {
        if (!finished && !stream.isCancelled()) {
            finished = true;
            if (status.isOk()) {
                stream.onCompleted();
            } else {
                stream.onError(status.asRuntimeException());
            }
        }
    }
}
