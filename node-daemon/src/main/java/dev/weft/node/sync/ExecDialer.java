package dev.weft.node.sync;

/** Called when the control plane asks the node to dial back for a command. Must not block. */
@FunctionalInterface
public interface ExecDialer {

    void dial(String execId);
}
