package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.IpAddress;

/** Where a route leads. */
public sealed interface NextHop {

    LinkRef link();

    /** {@code dev LINK}: the destination is on the link. */
    record Direct(LinkRef link) implements NextHop {
        @Override
        public String toString() {
            return "dev " + link;
        }
    }

    /** {@code via GATEWAY dev LINK [onlink]}. */
    record Via(IpAddress gateway, LinkRef link, Reach reach) implements NextHop {
        @Override
        public String toString() {
            return "via " + gateway + " dev " + link + (reach == Reach.ON_LINK ? " onlink" : "");
        }
    }

    /** How the kernel knows that the gateway can be reached. */
    enum Reach {
        /** It checks that a route to the gateway's subnet exists. */
        CHECKED,
        /** It takes the caller's word ({@code onlink}). */
        ON_LINK
    }

    static NextHop direct(LinkRef link) {
        return new Direct(link);
    }

    static NextHop via(IpAddress gateway, LinkRef link) {
        return new Via(gateway, link, Reach.CHECKED);
    }
}
