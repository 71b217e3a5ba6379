package dev.weft.controlplane.audit;

import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import java.util.List;

/** Asks a node over its stream to audit ports and to dial back with what it finds. */
@FunctionalInterface
public interface AuditOpener {

    /**
     * @param auditId what the node shows when it dials
     * @return false if the node has no stream: nothing was asked
     */
    boolean openAudit(NodeName node, String auditId, List<SandboxId> sandboxes);
}
