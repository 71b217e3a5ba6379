package dev.weft.node.dataplane.rtnetlink.model;

/**
 * How far a destination is: {@code scope …} of {@code ip route}.
 *
 * @param value 0 to 255, from {@code include/uapi/linux/rtnetlink.h}
 */
public record RouteScope(int value) {

    public static final RouteScope UNIVERSE = new RouteScope(0);
    public static final RouteScope LINK = new RouteScope(253);
    public static final RouteScope HOST = new RouteScope(254);

    public RouteScope {
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("invalid scope " + value + ": it should be 0 to 255");
        }
    }

    @Override
    public String toString() {
        return switch (value) {
            case 0 -> "global";
            case 253 -> "link";
            case 254 -> "host";
            default -> Integer.toString(value);
        };
    }
}
