package dev.weft.node.audit;

import dev.weft.net.IpAddress;

/**
 * One way by which a published port might be reached.
 *
 * @param to where it is asked for
 */
record Way(Vantage from, IpAddress to, Promise promise) {

    /** What the binding's host address says of this way. */
    enum Promise {
        OPEN,
        CLOSED
    }

    @Override
    public String toString() {
        return switch (from) {
            case LOOPBACK, HOST -> "the host at " + to;
            case LAN -> "another host at " + to;
        };
    }
}
