package dev.weft.chaos.plan;

/**
 * One thing that a client does.
 *
 * @param pick chooses among what there is at that moment: networks, sandboxes, nodes
 * @param door through which of the control planes and nodes it goes first
 * @param waits whether the client waits until the node has done it
 */
public record Action(Kind kind, int pick, int door, boolean waits) {

    /** What is done. */
    public enum Kind {
        CREATE_NETWORK,
        DELETE_NETWORK,
        CREATE_SANDBOX,
        DELETE_SANDBOX,
        CONNECT,
        DISCONNECT,
        ADD_PORT,
        REMOVE_PORT,
        RENAME,
        /** Another limit, or none, of an endpoint that is there. */
        LIMIT,
        /** A sandbox in another one's namespace. */
        SHARE,
        /** A namespace of somebody else becomes a sandbox. */
        ATTACH,
        /** The same request through two doors at once. */
        DUPLICATE,
        /** A request whose result has been deleted since comes once more. */
        LATE
    }
}
