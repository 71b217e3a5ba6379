package dev.weft.node.reconcile;

import java.util.List;

/** What one row means for the kernel. */
public sealed interface Fragment {

    /** These objects. */
    record Objects(List<Placed> objects) implements Fragment {
        public Objects {
            objects = List.copyOf(objects);
        }
    }

    /**
     * It cannot be built here.
     *
     * @param problem why, and what to do
     */
    record Impossible(String problem) implements Fragment {}

    /**
     * Not readable: what the kernel holds of it already stays.
     *
     * @param problem which field is wrong
     */
    record Unreadable(String problem) implements Fragment {}

    /** It waits for another row, which is to come. */
    record Waiting(String reason) implements Fragment {}
}
