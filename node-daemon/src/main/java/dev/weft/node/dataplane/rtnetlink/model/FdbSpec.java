package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;

/**
 * A permanent FDB entry wanted: {@code bridge fdb add MAC dev LINK … permanent}. With {@link FdbTarget.Master} permanent
 * means, to the kernel, an address of the port itself; {@link FdbLife#STATIC} then is the one that forwards.
 */
public record FdbSpec(LinkRef link, MacAddress mac, FdbTarget target, FdbLife life) {

    /** How long an entry stays; both never age. */
    public enum FdbLife {
        PERMANENT(NeighborState.PERMANENT),
        STATIC(NeighborState.NOARP);

        private final NeighborState state;

        FdbLife(NeighborState state) {
            this.state = state;
        }

        public NeighborState state() {
            return state;
        }
    }

    /** The address of a VXLAN's entry for broadcast, multicast and unknown destinations. */
    public static final MacAddress ALL_ZEROS = new MacAddress(0);

    /** {@code bridge fdb … MAC dev LINK dst VTEP self permanent}. */
    public static FdbSpec remote(LinkRef link, MacAddress mac, IpAddress vtep) {
        return new FdbSpec(link, mac, new FdbTarget.Vtep(vtep), FdbLife.PERMANENT);
    }

    /** {@code bridge fdb … MAC dev LINK master static}. */
    public static FdbSpec onPort(LinkRef link, MacAddress mac) {
        return new FdbSpec(link, mac, new FdbTarget.Master(), FdbLife.STATIC);
    }
}
