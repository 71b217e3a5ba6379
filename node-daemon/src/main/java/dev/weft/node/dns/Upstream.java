package dev.weft.node.dns;

import dev.weft.net.IpAddress;

/**
 * A name server to ask what is not known here.
 *
 * @param from where it is asked from
 */
record Upstream(IpAddress address, From from) {

    static final int PORT = 53;

    enum From {
        /** The sandbox's own namespace: servers that the user named. */
        SANDBOX,
        /** The node's: servers of its resolv.conf, which may well be its own loopback addresses. */
        HOST
    }
}
