package dev.weft.node.dataplane.linux;

import dev.weft.node.dataplane.rtnetlink.model.ChangeEvent;
import dev.weft.node.dataplane.rtnetlink.model.ChangeKind;
import dev.weft.node.kernel.KernelChange;
import dev.weft.node.kernel.ObjectKind;
import java.util.EnumSet;
import java.util.Set;

/** What is to be looked at after a notification. */
final class Changes {

    private Changes() {}

    static KernelChange of(ChangeEvent event) {
        Set<ObjectKind> kinds = kinds(event.kind());
        // Queueing disciplines cannot be asked for by link.
        return event.link().isPresent() && event.kind() != ChangeKind.QDISC
                ? new KernelChange.LookAtLink(
                        event.link().getAsInt(), event.linkName().flatMap(NamespaceReader::interfaceName), kinds)
                : new KernelChange.LookAgain(kinds);
    }

    private static Set<ObjectKind> kinds(ChangeKind kind) {
        return switch (kind) {
            case LINK -> EnumSet.of(ObjectKind.LINK);
            case ADDRESS -> EnumSet.of(ObjectKind.ADDRESS);
            case ROUTE -> EnumSet.of(ObjectKind.ROUTE);
            case NEIGHBOR -> EnumSet.of(ObjectKind.FDB, ObjectKind.NEIGHBOR);
            case QDISC -> EnumSet.of(ObjectKind.QDISC);
            case SETTING -> EnumSet.of(ObjectKind.SYSCTL);
            case FIREWALL -> EnumSet.of(ObjectKind.NFT);
            case LOST_EVENTS -> EnumSet.allOf(ObjectKind.class);
        };
    }
}
