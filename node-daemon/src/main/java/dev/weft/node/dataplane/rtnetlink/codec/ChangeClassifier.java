package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.node.dataplane.rtnetlink.model.ChangeKind;
import java.util.Optional;

/** Tells what a notification of rtnetlink is about. */
public final class ChangeClassifier {

    private ChangeClassifier() {}

    /** Empty for a message that is no notification of a kind that is watched. */
    public static Optional<ChangeKind> kindOf(NlMessage message) {
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
