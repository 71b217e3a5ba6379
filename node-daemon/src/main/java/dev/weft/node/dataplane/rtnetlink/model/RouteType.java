package dev.weft.node.dataplane.rtnetlink.model;

/**
 * What becomes of packets by a route.
 *
 * @param value from {@code include/uapi/linux/rtnetlink.h}
 */
public record RouteType(int value) {

    public static final RouteType UNICAST = new RouteType(1);
    public static final RouteType LOCAL = new RouteType(2);
    public static final RouteType BROADCAST = new RouteType(3);
    public static final RouteType ANYCAST = new RouteType(4);
    public static final RouteType MULTICAST = new RouteType(5);
    public static final RouteType BLACKHOLE = new RouteType(6);
    public static final RouteType UNREACHABLE = new RouteType(7);
}
