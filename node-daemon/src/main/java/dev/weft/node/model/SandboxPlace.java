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

    /** The place of another sandbox of the node, which is not in a third one's itself. */
    record Shared(String ownerId) implements SandboxPlace {}

    /** Whether the sandbox's own links go there. */
    default boolean takesLinks() {
        return switch (this) {
            case Managed _, External _ -> true;
            case Host _, Shared _ -> false;
        };
    }
}
