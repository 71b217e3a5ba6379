package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.node.dataplane.rtnetlink.model.ChangeEvent;
import dev.weft.node.dataplane.rtnetlink.model.ChangeKind;
import java.util.Optional;
import java.util.OptionalInt;

/** Tells what a notification of rtnetlink is about. */
public final class ChangeClassifier {

    /** Where {@code ifinfomsg}, {@code ifaddrmsg}, {@code ndmsg} and {@code tcmsg} have the link's index. */
    private static final int INDEX_OFFSET = 4;

    private static final int SHORTEST_HEADER = 8;

    /** {@code struct netconfmsg} is a byte; {@code NETCONFA_IFINDEX} is -1 for all links, -2 for those to come. */
    private static final int NETCONF_HEADER = 1;

    private static final int NETCONF_INDEX = 1;

    private ChangeClassifier() {}

    /**
     * Empty for a message that is no notification of a kind that is watched.
     *
     * @throws MalformedMessageException if it is one, and is cut
     */
    public static Optional<ChangeEvent> classify(NlMessage message) {
        return kindOf(message).map(kind -> switch (kind) {
            case LINK ->
                new ChangeEvent(
                        kind,
                        index(message),
                        message.attributesAfter(LinkAttributes.HEADER_LENGTH).text(LinkAttributes.NAME));
            case ADDRESS, NEIGHBOR, QDISC -> new ChangeEvent(kind, index(message), Optional.empty());
            case SETTING ->
                new ChangeEvent(
                        kind,
                        positive(message.attributesAfter(NETCONF_HEADER)
                                .u32(NETCONF_INDEX)
                                .orElse(0)),
                        Optional.empty());
            case ROUTE, FIREWALL, LOST_EVENTS -> ChangeEvent.of(kind);
        });
    }

    /** Whether the message is of an address that went; with a primary one of IPv4 its secondary ones may go. */
    public static boolean isAddressRemoval(NlMessage message) {
        return message.type() == RtnetlinkTypes.DELETE_ADDRESS;
    }

    private static OptionalInt index(NlMessage message) {
        return positive(message.payload(SHORTEST_HEADER).getInt(INDEX_OFFSET));
    }

    private static OptionalInt positive(int index) {
        return index > 0 ? OptionalInt.of(index) : OptionalInt.empty();
    }

    private static Optional<ChangeKind> kindOf(NlMessage message) {
        return switch (message.type()) {
            case RtnetlinkTypes.NEW_LINK, RtnetlinkTypes.DELETE_LINK -> Optional.of(ChangeKind.LINK);
            case RtnetlinkTypes.NEW_ADDRESS, RtnetlinkTypes.DELETE_ADDRESS -> Optional.of(ChangeKind.ADDRESS);
            case RtnetlinkTypes.NEW_ROUTE, RtnetlinkTypes.DELETE_ROUTE -> Optional.of(ChangeKind.ROUTE);
            case RtnetlinkTypes.NEW_NEIGHBOR, RtnetlinkTypes.DELETE_NEIGHBOR -> Optional.of(ChangeKind.NEIGHBOR);
            case RtnetlinkTypes.NEW_QDISC,
                    RtnetlinkTypes.DELETE_QDISC,
                    RtnetlinkTypes.NEW_FILTER,
                    RtnetlinkTypes.DELETE_FILTER -> Optional.of(ChangeKind.QDISC);
            case RtnetlinkTypes.NEW_NETCONF -> Optional.of(ChangeKind.SETTING);
            default -> Optional.empty();
        };
    }
}
