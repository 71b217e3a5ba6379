package dev.weft.node.audit;

import dev.weft.api.v1.AuditProgress;
import dev.weft.node.model.Row;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.reconcile.RowIndex;
import dev.weft.node.v1.AuditPorts;
import dev.weft.node.v1.AuditReceived;
import dev.weft.node.v1.AuditReport;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Audits ports when the control plane asks for it: dials back, and tells what is found as it is found. */
public final class AuditRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditRunner.class);

    private final Channel channel;
    private final Supplier<Collection<Row>> rows;
    private final PortAuditor auditor;

    private AuditRunner(Channel channel, Supplier<Collection<Row>> rows, PortAuditor auditor) {
        this.channel = channel;
        this.rows = rows;
        this.auditor = auditor;
    }

    /**
     * For the host whose namespace the calling thread is in.
     *
     * @param channel stays the caller's to shut down
     * @param rows what this node should be, whenever it is asked
     */
    public static AuditRunner open(Channel channel, Supplier<Collection<Row>> rows) {
        return new AuditRunner(channel, rows, PortAuditor.open());
    }

    /** Dials back for an audit and begins it. Returns at once. */
    public void start(AuditPorts request) {
        Thread unusedThread = Thread.ofPlatform().name("port audit").daemon().start(() -> new Audit(request).run());
    }

    @Override
    public void close() {
        auditor.close();
    }

    /** One audit and its call. The call's end, whoever ends it, ends the audit. */
    private final class Audit implements PortAuditor.Listener, ClientResponseObserver<AuditReport, AuditReceived> {

        private final AuditPorts request;
        private final AtomicReference<Optional<ClientCallStreamObserver<AuditReport>>> call =
                new AtomicReference<>(Optional.empty());
        private volatile boolean over;

        Audit(AuditPorts request) {
            this.request = request;
        }

        void run() {
            var unusedRequests = NodeSyncServiceGrpc.newStub(channel).attachAudit(this);
            send(AuditReport.newBuilder()
                    .setAuditId(request.getAuditId())
                    .setProgress(AuditProgress.getDefaultInstance()));
            try {
                RowIndex index = RowIndex.of(rows.get());
                List<SandboxRow> sandboxes = request.getSandboxIdsList().stream()
                        .flatMap(id -> index.sandbox(id).stream())
                        .toList();
                auditor.audit(sandboxes, index, this);
            } catch (AuditException e) {
                LOG.warn("an audit of published ports ended: {}", e.getMessage());
                send(AuditReport.newBuilder().setFailure(e.getMessage()));
            } catch (RuntimeException e) {
                LOG.error("an audit of published ports failed", e);
                send(AuditReport.newBuilder()
                        .setFailure("the audit failed: " + e + "; the node daemon's log says more"));
            }
            if (!over) {
                call.get().ifPresent(ClientCallStreamObserver::onCompleted);
            }
        }

        private void send(AuditReport.Builder report) {
            if (!over) {
                call.get().ifPresent(requests -> requests.onNext(report.build()));
            }
        }

        @Override
        public void progress(int auditedPorts, int totalPorts) {
            send(AuditReport.newBuilder()
                    .setProgress(AuditProgress.newBuilder()
                            .setAuditedPorts(auditedPorts)
                            .setTotalPorts(totalPorts)));
        }

        @Override
        public void found(Finding finding) {
            send(AuditReport.newBuilder().setFinding(AuditMessages.finding(finding)));
        }

        @Override
        public boolean isCancelled() {
            return over;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<AuditReport> requests) {
            call.set(Optional.of(requests));
        }

        @Override
        public void onNext(AuditReceived received) {
            // Says nothing but that all has come.
        }

        @Override
        public void onError(Throwable failure) {
            over = true;
            LOG.debug("nobody waits for the audit any more", failure);
        }

        @Override
        public void onCompleted() {
            over = true;
        }
    }
}
