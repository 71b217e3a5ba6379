package dev.weft.node.sync;

import dev.weft.node.model.DesiredState;

/** Learns what the node should be. Called from one thread at a time; must not block. */
@FunctionalInterface
public interface DesiredStateListener {

    /** Whether something that is not in the state is known to be unwanted. */
    enum Completeness {
        /** From the disk: what it names is wanted, what it lacks may only be newer. Nothing is deleted on its strength. */
        LAST_KNOWN,
        /** From the control plane, after a complete snapshot. */
        IN_SYNC
    }

    void onDesired(DesiredState desired, Completeness completeness);
}
