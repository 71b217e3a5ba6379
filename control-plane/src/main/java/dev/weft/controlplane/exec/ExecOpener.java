package dev.weft.controlplane.exec;

import dev.weft.controlplane.model.NodeName;

/** Asks a node over its stream to dial back for a command. */
@FunctionalInterface
public interface ExecOpener {

    /**
     * @param execId what the node shows when it dials
     * @return false if the node has no stream: nothing was asked
     */
    boolean openExec(NodeName node, String execId);
}
