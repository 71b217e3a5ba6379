package dev.weft.node.sync;

import dev.weft.node.reconcile.DesiredUpdate;
import dev.weft.node.v1.AuditPorts;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.Hello;
import dev.weft.node.v1.NodeMessage;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import dev.weft.node.v1.Report;
import dev.weft.trust.TlsFailure;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a stream to the control plane open until closed: dials, says hello, takes in what comes, and dials again with
 * back-off when it ends. What was received stays valid while the control plane is away.
 *
 * <p>Of several replicas it is one that has the stream. A replica that ends it, refuses it or cannot be reached is not
 * dialled again before the others were.
 *
 * <p>A control plane that says that this node was removed from the cluster has spoken for its desired state, too: there is
 * none any more.
 */
public final class ControlPlaneClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneClient.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(200);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private final ManagedChannel channel;
    private final String peer;
    private final DesiredStateCache cache;
    private final Supplier<Hello> hello;
    private final Events events;
    private final Runnable elsewhere;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Session session;

    /** What the client tells; called from gRPC's threads, one call at a time a stream; must return soon. */
    public interface Events {

        void desired(DesiredUpdate update);

        /** The stream is accepted: the next report should have everything in it. */
        void connected(long epoch);

        void openExec(String execId);

        void auditPorts(AuditPorts request);
    }

    /**
     * @param channel stays the caller's to shut down
     * @param peer the control plane's address, for messages
     * @param hello made anew for each stream
     * @param elsewhere called when a stream has ended, before the next: the channel may then go to another replica
     */
    public ControlPlaneClient(
            ManagedChannel channel,
            String peer,
            DesiredStateCache cache,
            Supplier<Hello> hello,
            Events events,
            Runnable elsewhere) {
        this.channel = channel;
        this.peer = peer;
        this.cache = cache;
        this.hello = hello;
        this.events = events;
        this.elsewhere = elsewhere;
        this.thread = Thread.ofPlatform().name("control-plane").daemon().unstarted(this::loop);
    }

    public void start() {
        thread.start();
    }

    /**
     * Sends a report, if a stream is accepted at the moment.
     *
     * @return whether it was handed to the stream
     */
    public boolean send(Report report) {
        Session open = session;
        return open != null
                && open.send(NodeMessage.newBuilder().setReport(report).build());
    }

    private void loop() {
        Duration delay = FIRST_DELAY;
        String lastProblem = "";
        boolean forgotten = false;
        while (closing.getCount() > 0) {
            Session next = new Session();
            channel.resetConnectBackoff();
            Status status = outcomeOf(next);
            session = null;
            if (closing.getCount() == 0) {
                return;
            }
            if (next.accepted) {
                delay = FIRST_DELAY;
                lastProblem = "";
                forgotten = false;
            }
            String problem = status.getCode() + ": "
                    + Optional.ofNullable(status.getCause())
                            .flatMap(TlsFailure::explain)
                            .orElseGet(() -> String.valueOf(status.getDescription()));
            if (!problem.equals(lastProblem)) {
                LOG.warn("no stream to the control plane at {} ({}); dialling again until there is one", peer, problem);
                lastProblem = problem;
            }
            if (next.removed && !forgotten) {
                LOG.warn("this node was removed from the cluster: what was built for it is taken down");
                events.desired(cache.forget());
                forgotten = true;
            }
            elsewhere.run();
            if (pause(delay)) {
                return;
            }
            delay = delay.multipliedBy(2).compareTo(LONGEST_DELAY) < 0 ? delay.multipliedBy(2) : LONGEST_DELAY;
        }
    }

    /** A stream that could not be begun, as what the hello says could not be read, is no reason to dial no more. */
    private static Status outcomeOf(Session next) {
        try {
            return next.run();
        } catch (RuntimeException e) {
            LOG.error("a stream to the control plane could not be begun", e);
            return Status.INTERNAL.withDescription(e.toString()).withCause(e);
        }
    }

    /** Waits between a half and all of the delay, so that a thousand nodes do not dial at once; true if closed meanwhile. */
    private boolean pause(Duration delay) {
        long millis = delay.toMillis() / 2 + ThreadLocalRandom.current().nextLong(delay.toMillis() / 2 + 1);
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        Session open = session;
        if (open != null) {
            open.cancel();
        }
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One stream, from dialling to its end. */
    private final class Session implements ClientResponseObserver<NodeMessage, ControlMessage> {

        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile Status status = Status.CANCELLED;
        private volatile boolean accepted;
        private volatile boolean removed;
        private @Nullable ClientCallStreamObserver<NodeMessage> requests;

        Status run() {
            cache.streamBegins();
            Hello greeting = hello.get();
            session = this;
            try {
                // What arrives is only noted down for other threads: handing it to one more would cost more than that.
                var unusedRequests = NodeSyncServiceGrpc.newStub(channel)
                        .withExecutor(Runnable::run)
                        .sync(this);
                sendAlways(NodeMessage.newBuilder().setHello(greeting).build());
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                cancel();
            }
            return status;
        }

        @Override
        public synchronized void beforeStart(ClientCallStreamObserver<NodeMessage> stream) {
            requests = stream;
        }

        boolean send(NodeMessage message) {
            return accepted && sendAlways(message);
        }

        private synchronized boolean sendAlways(NodeMessage message) {
            if (requests == null || ended.getCount() == 0) {
                return false;
            }
            try {
                requests.onNext(message);
                return true;
            } catch (IllegalStateException e) {
                // The stream ended between the look and the call; its end is told apart.
                LOG.debug("a message came too late for its stream", e);
                return false;
            }
        }

        synchronized void cancel() {
            if (requests != null) {
                requests.cancel("the node daemon closes its stream", null);
            }
        }

        @Override
        public void onNext(ControlMessage message) {
            switch (message.getMessageCase()) {
                case WELCOME -> {
                    LOG.info(
                            "the control plane at {} accepted this node, epoch {}",
                            peer,
                            message.getWelcome().getEpoch());
                    accepted = true;
                    events.connected(message.getWelcome().getEpoch());
                }
                case SNAPSHOT -> cache.chunk(message.getSnapshot());
                case IN_SYNC -> events.desired(cache.inSync(message.getInSync()));
                case DELTA -> cache.delta(message.getDelta()).ifPresent(events::desired);
                case OPEN_EXEC -> events.openExec(message.getOpenExec().getExecId());
                case AUDIT_PORTS -> events.auditPorts(message.getAuditPorts());
                // Of a newer control plane: what this daemon does not know it does not need.
                case MESSAGE_NOT_SET -> {}
            }
        }

        @Override
        public void onError(Throwable failure) {
            status = Status.fromThrowable(failure);
            removed = Refusal.reason(failure).equals(Refusal.NODE_REMOVED);
            if (status.getCode() == Status.Code.UNKNOWN || status.getCode() == Status.Code.CANCELLED) {
                LOG.debug("the stream ended", failure);
            }
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            status = Status.UNAVAILABLE.withDescription("the control plane closed the stream");
            synchronized (this) {
                if (requests != null) {
                    requests.onCompleted();
                }
            }
            ended.countDown();
        }
    }
}
