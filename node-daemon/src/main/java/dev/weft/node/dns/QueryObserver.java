package dev.weft.node.dns;

/** Learns of the answers that sandboxes get. Called on the names' event loop; must not block. */
public interface QueryObserver {

    /** Where an answer comes from. */
    enum Source {
        /** From what the node knows of its networks. */
        LOCAL,
        /** From an upstream server, or because there is none that answers. */
        UPSTREAM
    }

    /** For whom nobody counts. */
    QueryObserver NONE = (source, code) -> {};

    /** @param code of the response, 0 to 15 (RFC 1035, 4.1.1) */
    void answered(Source source, int code);
}
