package dev.weft.node.dns;

/** How a query came, and how it is passed on. */
enum Transport {
    UDP,
    TCP;

    /** The largest response, in bytes, that the asker of a query takes. */
    int limit(Query query) {
        return switch (this) {
            case UDP -> query.edns().map(Query.Edns::udpBytes).orElse(Reply.PLAIN_UDP_BYTES);
            case TCP -> Reply.MAX_BYTES;
        };
    }
}
