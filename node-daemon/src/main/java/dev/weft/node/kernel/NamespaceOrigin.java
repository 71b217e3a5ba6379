package dev.weft.node.kernel;

/** Where a sandbox's namespace comes from, and so whose it is. */
public sealed interface NamespaceOrigin {

    NamespaceOrigin OWN = new Own();

    /** The daemon makes and removes it. */
    record Own() implements NamespaceOrigin {
        @Override
        public String toString() {
            return "its own";
        }
    }

    /** Somebody else keeps it at a path. */
    record AtPath(String path) implements NamespaceOrigin {
        @Override
        public String toString() {
            return path;
        }
    }

    /**
     * Somebody else's, found by a process that was in it. The daemon holds it from then on.
     *
     * @param startTime of the process, in clock ticks since boot; 0 where it is not known
     */
    record OfProcess(long pid, long startTime) implements NamespaceOrigin {
        @Override
        public String toString() {
            return "that of process " + pid;
        }
    }
}
