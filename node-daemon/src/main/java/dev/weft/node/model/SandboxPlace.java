package dev.weft.node.model;

/** Where a sandbox's network is. */
public sealed interface SandboxPlace {

    /** A namespace that the daemon makes and removes. */
    record Managed() implements SandboxPlace {}

    /** The host's own namespace. */
    record Host() implements SandboxPlace {}

    /**
     * A namespace that somebody else made and keeps.
     *
     * @param path absolute, of an nsfs file
     */
    record External(String path) implements SandboxPlace {}

    /**
     * A namespace that somebody else made: that of a process, when the daemon first looks.
     *
     * @param startTime of the process, in clock ticks since boot; 0 where it is not known
     */
    record Process(long pid, long startTime) implements SandboxPlace {}

    /** The place of another sandbox of the node, which is not in a third one's itself. */
    record Shared(String ownerId) implements SandboxPlace {}

    /** Whether the namespace is somebody else's: nothing in it is ours but what we put there. */
    default boolean isForeign() {
        return switch (this) {
            case External _, Process _ -> true;
            case Managed _, Host _, Shared _ -> false;
        };
    }

    /** Whether the sandbox's own links go there. */
    default boolean takesLinks() {
        return switch (this) {
            case Managed _, External _, Process _ -> true;
            case Host _, Shared _ -> false;
        };
    }
}
