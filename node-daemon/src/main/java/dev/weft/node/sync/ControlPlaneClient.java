package dev.weft.node.sync;

import dev.weft.api.v1.NodeFacts;
import dev.weft.node.model.DesiredState;
import dev.weft.node.sync.DesiredStateListener.Completeness;
import dev.weft.node.v1.Checkpoint;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.Hello;
import dev.weft.node.v1.NodeMessage;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import dev.weft.node.v1.Row;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a stream to the control plane open: says hello, takes in the desired state, sends reports. When the stream ends
 * it is opened again, after a pause that grows to a few seconds; what the node is meanwhile is the last state that it
 * was told, on disk across restarts.
 */
public final class ControlPlaneClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneClient.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Channel channel;
    private final String node;
    private final Supplier<NodeFacts> facts;
    private final ReportSource reports;
    private final DesiredStateListener listener;
    private final ExecDialer execDialer;
    private final DesiredStateCache cache = new DesiredStateCache();
    private final CheckpointFile checkpointFile;
    private final CheckpointWriter checkpointWriter;
    private final CountDownLatch firstInSync = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Session session;

    /**
     * Prepares a client; nothing happens before {@link #start}.
     *
     * @param stateDirectory where the last desired state is kept; exists
     * @param facts asked for at each registration
     */
    public ControlPlaneClient(
            Channel channel,
            String node,
            Path stateDirectory,
            Supplier<NodeFacts> facts,
            ReportSource reports,
            DesiredStateListener listener,
            ExecDialer execDialer) {
        this.channel = channel;
        this.node = node;
        this.facts = facts;
        this.reports = reports;
        this.listener = listener;
        this.execDialer = execDialer;
        this.checkpointFile = new CheckpointFile(stateDirectory, node);
        this.checkpointWriter = new CheckpointWriter(checkpointFile);
        this.thread = Thread.ofPlatform().name("weft-sync").daemon().unstarted(this::run);
    }

    /** Publishes the state kept on disk, if there is one, and begins to dial. */
    public void start() {
        checkpointFile.read().ifPresent(checkpoint -> {
            DesiredState kept = cache.restore(checkpoint.getRevision(), checkpoint.getRowsList());
            LOG.info(
                    "Beginning with the state kept on disk: {} rows at revision {}",
                    kept.rows().size(),
                    kept.revision());
            listener.onDesired(kept, Completeness.LAST_KNOWN);
        });
        thread.start();
    }

    /** Waits until a complete snapshot has been seen. Returns whether it has, within the time. */
    public boolean awaitInSync(Duration timeout) throws InterruptedException {
        return firstInSync.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Sends what changed since the last report, soon; several calls in a row make one report. */
    public void reportSoon() {
        Session current = session;
        if (current != null) {
            current.reporter.wake();
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closed) {
            Session current = new Session();
            session = current;
            current.open();
            current.awaitEnd();
            session = null;
            cache.streamEnded();
            pause = current.sawInSync() ? FIRST_PAUSE : longer(pause);
            if (!closed) {
                LOG.warn(
                        "No stream to the control plane ({}); trying again in {} ms. What is built stays as it is.",
                        current.end(),
                        pause.toMillis());
                sleep(pause);
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** Half of the pause to all of it, so that a thousand nodes do not return at one moment. */
    private void sleep(Duration pause) {
        try {
            long millis = pause.toMillis();
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        Session current = session;
        if (current != null) {
            current.cancel("the daemon is ending");
        }
        thread.interrupt();
        checkpointWriter.close();
    }

    /** One stream from hello to its end. */
    private final class Session implements ClientResponseObserver<NodeMessage, ControlMessage> {

        private final CountDownLatch ended = new CountDownLatch(1);
        private final Reporter reporter = new Reporter(this::sendReport);
        private volatile @Nullable ClientCallStreamObserver<NodeMessage> requests;
        private volatile boolean inSync;
        private volatile String end = "not opened";

        void open() {
            // Asking for the facts looks at the kernel, so it happens before the call, not on gRPC's thread.
            Hello hello = Hello.newBuilder()
                    .setNode(node)
                    .setFacts(facts.get())
                    .setCachedRevision(cache.revision())
                    .build();
            NodeSyncServiceGrpc.newStub(channel)
                    .sync(this)
                    .onNext(NodeMessage.newBuilder().setHello(hello).build());
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<NodeMessage> stream) {
            requests = stream;
            stream.setOnReadyHandler(reporter::wake);
        }

        @Override
        public void onNext(ControlMessage message) {
            switch (message.getMessageCase()) {
                case WELCOME -> {
                    LOG.info(
                            "Registered as {} with epoch {}",
                            node,
                            message.getWelcome().getEpoch());
                    reporter.start();
                }
                case OPEN_EXEC -> execDialer.dial(message.getOpenExec().getExecId());
                case SNAPSHOT, IN_SYNC, DELTA -> takeIn(message);
                case MESSAGE_NOT_SET -> LOG.warn("The control plane sent a message that this daemon does not know");
            }
        }

        private void takeIn(ControlMessage message) {
            cache.accept(message).ifPresent(state -> {
                if (message.hasInSync() && message.getInSync().getNetworkId().isEmpty()) {
                    inSync = true;
                    firstInSync.countDown();
                }
                List<Row> rows = cache.wireRows();
                checkpointWriter.submit(() -> Checkpoint.newBuilder()
                        .setNode(node)
                        .setRevision(state.revision())
                        .addAllRows(rows)
                        .build());
                listener.onDesired(state, inSync ? Completeness.IN_SYNC : Completeness.LAST_KNOWN);
            });
        }

        /** Sends a report if the stream can take one; otherwise the stream's readiness wakes the reporter again. */
        private boolean sendReport(Reporter.Kind kind) {
            ClientCallStreamObserver<NodeMessage> stream = requests;
            if (stream == null || !stream.isReady()) {
                return false;
            }
            try {
                stream.onNext(NodeMessage.newBuilder()
                        .setReport(
                                switch (kind) {
                                    case FULL -> reports.full();
                                    case CHANGES -> reports.changes();
                                })
                        .build());
                return true;
            } catch (IllegalStateException e) {
                // The call ended between the two lines above; the next stream begins with a full report.
                LOG.debug("Report not sent: the stream has ended", e);
                return false;
            }
        }

        @Override
        public void onError(Throwable error) {
            Status status = Status.fromThrowable(error);
            String detail = status.getDescription();
            ends(status.getCode() + (detail == null ? "" : ": " + detail));
        }

        @Override
        public void onCompleted() {
            ends("the control plane closed it");
        }

        private void ends(String reason) {
            end = reason;
            reporter.close();
            ended.countDown();
        }

        void awaitEnd() {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                cancel("interrupted");
            }
        }

        void cancel(String reason) {
            ClientCallStreamObserver<NodeMessage> stream = requests;
            if (stream != null) {
                stream.cancel(reason, null);
            }
        }

        boolean sawInSync() {
            return inSync;
        }

        String end() {
            return end;
        }
    }
}
