package dev.weft.controlplane;

import dev.weft.controlplane.audit.AuditOpener;
import dev.weft.controlplane.exec.ExecOpener;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.status.NodeLiveness;
import dev.weft.controlplane.status.StatusBoard;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Asks nodes, and waits for one that was there just now: its stream may be moving to this replica, or to another. */
final class PatientOpener implements ExecOpener, AuditOpener {

    private final ExecOpener execs;
    private final AuditOpener audits;
    private final StatusBoard status;
    private final InstantSource clock;

    PatientOpener(ExecOpener execs, AuditOpener audits, StatusBoard status, InstantSource clock) {
        this.execs = execs;
        this.audits = audits;
        this.status = status;
        this.clock = clock;
    }

    @Override
    public boolean openExec(NodeName node, String execId) {
        return open(node, () -> execs.openExec(node, execId));
    }

    @Override
    public boolean openAudit(NodeName node, String auditId, List<SandboxId> sandboxes) {
        return open(node, () -> audits.openAudit(node, auditId, sandboxes));
    }

    private boolean open(NodeName node, BooleanSupplier ask) {
        if (ask.getAsBoolean()) {
            return true;
        }
        if (!status.node(node).mayBeMoving(clock.instant())) {
            return false;
        }
        try {
            var unused = status.awaitConnected(node, NodeLiveness.MOVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return ask.getAsBoolean();
    }
}
