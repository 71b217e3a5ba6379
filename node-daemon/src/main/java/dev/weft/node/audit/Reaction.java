package dev.weft.node.audit;

/** What a probe's own socket got to see. */
sealed interface Reaction {

    /** A connection came about, or a datagram came back. */
    record Answer() implements Reaction {}

    /** A reset, or an ICMP "port unreachable". */
    record Refusal() implements Reaction {}

    /** Nothing in all the time. */
    record Silence() implements Reaction {}

    /** The kernel would not send it, or a router says that there is no way. */
    record Failure(String message) implements Reaction {}
}
