package dev.weft.node.sync;

import dev.weft.net.InterfaceName;
import dev.weft.net.Mtu;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.model.NetworkDriver;
import dev.weft.node.model.Uplink;
import java.util.Locale;
import java.util.Optional;

/** Uplinks of macvlan and ipvlan networks, from the wire. */
final class UplinkCodec {

    private UplinkCodec() {}

    /** @throws IllegalArgumentException if the row of such a network has none, or one that makes no sense */
    static Optional<Uplink> decode(NetworkDriver driver, dev.weft.node.v1.NetworkRow row) {
        return switch (driver) {
            case BRIDGE, OVERLAY, HOST, NULL -> Optional.empty();
            case MACVLAN ->
                Optional.of(decode(
                        row,
                        new Uplink.Attachment.Macvlan(word(
                                LinkKind.Macvlan.Mode.class, row.getUplink().getMode()))));
            case IPVLAN ->
                Optional.of(decode(
                        row,
                        new Uplink.Attachment.Ipvlan(
                                word(LinkKind.Ipvlan.Mode.class, row.getUplink().getMode()),
                                word(LinkKind.Ipvlan.Flag.class, row.getUplink().getFlag()))));
        };
    }

    private static Uplink decode(dev.weft.node.v1.NetworkRow row, Uplink.Attachment attachment) {
        dev.weft.node.v1.Uplink uplink = row.getUplink();
        Uplink.Origin origin;
        if (uplink.getDummy()) {
            origin = new Uplink.Origin.Dummy();
        } else if (uplink.getVlanTag() == 0) {
            origin = new Uplink.Origin.Existing();
        } else if (uplink.getVlanTag() >= 1 && uplink.getVlanTag() <= 4094) {
            origin = new Uplink.Origin.Vlan(new InterfaceName(uplink.getVlanBase()), uplink.getVlanTag());
        } else {
            throw new IllegalArgumentException("invalid VLAN tag " + uplink.getVlanTag());
        }
        return new Uplink(
                new InterfaceName(uplink.getParent()),
                origin,
                attachment,
                uplink.getMtu() == 0 ? Optional.empty() : Optional.of(new Mtu(uplink.getMtu())));
    }

    private static <E extends Enum<E>> E word(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }
}
