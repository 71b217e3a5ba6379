package dev.weft.node.dataplane.rtnetlink.model;

/**
 * Who installed a route or a neighbor: {@code proto N} of {@code ip route}. The kernel only keeps it.
 *
 * @param number 0 to 255; the kernel's own are below 5, {@code /etc/iproute2/rt_protos} lists the routing daemons'
 */
public record RouteProtocol(int number) {

    public static final RouteProtocol UNSPECIFIED = new RouteProtocol(0);
    public static final RouteProtocol KERNEL = new RouteProtocol(2);
    public static final RouteProtocol BOOT = new RouteProtocol(3);
    public static final RouteProtocol STATIC = new RouteProtocol(4);

    public RouteProtocol {
        if (number < 0 || number > 255) {
            throw new IllegalArgumentException("invalid protocol number " + number + ": it should be 0 to 255");
        }
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
