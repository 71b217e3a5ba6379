package dev.weft.node.exec;

import java.util.Optional;

/** Finds a sandbox of this node. */
@FunctionalInterface
public interface SandboxLocator {

    /** Where commands of the sandbox run; empty if this node has no such sandbox, or has not built it yet. */
    Optional<ExecPlace> find(String sandboxId);
}
