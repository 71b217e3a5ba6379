package dev.weft.node.reconcile;

import dev.weft.node.kernel.LinkChange;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.ObservedLink;
import dev.weft.node.kernel.PortTrait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a link that exists differs from the one that should. */
sealed interface LinkDiff {

    /** Attributes to set; none when all is right. Whether it is up is looked at apart. */
    record Changes(List<LinkChange> changes) implements LinkDiff {
        public Changes {
            changes = List.copyOf(changes);
        }
    }

    /** Ours, but what cannot be changed is wrong: to be made anew. */
    record Replace(String reason) implements LinkDiff {}

    /** Somebody else's: not to be touched. */
    record Foreign(String problem) implements LinkDiff {}

    static LinkDiff of(LinkSpec wanted, ObservedLink found) {
        if (wanted.kind() instanceof LinkKind.Loopback || wanted.kind() instanceof LinkKind.Existing) {
            return new Changes(List.of());
        }
        if (wanted.kind() instanceof LinkKind.Vlan && found.owner() != ObservedLink.Owner.WEFT) {
            // Docker's rule: a sub-interface that the host has is used, and stays when the network goes.
            return new Changes(List.of());
        }
        if (found.owner() != ObservedLink.Owner.WEFT) {
            return new Foreign(
                    "a link named " + found.name() + " exists already and is not Weft's: rename or remove it");
        }
        if (!found.kindName().equals(wanted.kind().kernelName())) {
            return new Replace(
                    "it is a " + found.kindName() + ", not a " + wanted.kind().kernelName());
        }
        if (Names.isMark(found.alias()) && !wanted.mark().equals(Optional.of(found.alias()))) {
            return new Replace("it is marked " + found.alias());
        }
        if (wanted.kind() instanceof LinkKind.Vxlan vxlan && !isTunnel(vxlan, found)) {
            return new Replace("its VNI, addresses or flags differ");
        }
        if (!wanted.kind().configuration().equals(found.configuration())) {
            return new Replace(
                    "it has " + found.configuration() + ", not " + wanted.kind().configuration());
        }
        return new Changes(changes(wanted, found));
    }

    /** What is left to set on a link that was just created as {@code wanted}. */
    static List<LinkChange> afterCreation(LinkSpec wanted) {
        List<LinkChange> changes = new ArrayList<>();
        wanted.mark().ifPresent(mark -> changes.add(new LinkChange.SetAlias(mark)));
        if (wanted.kind() instanceof LinkKind.Macvlan macvlan && macvlan.mode() == LinkKind.Macvlan.Mode.PASSTHRU) {
            // It is born with its parent's, whatever was asked for; setting it sets the parent's too.
            wanted.mac().ifPresent(mac -> changes.add(new LinkChange.SetMac(mac)));
        }
        wanted.port()
                .filter(traits -> !traits.equals(PortTrait.DEFAULTS))
                .ifPresent(traits -> changes.add(new LinkChange.SetPort(traits)));
        return changes;
    }

    private static List<LinkChange> changes(LinkSpec wanted, ObservedLink found) {
        List<LinkChange> changes = new ArrayList<>();
        wanted.mac()
                .filter(mac -> !Optional.of(mac).equals(found.mac()))
                .ifPresent(mac -> changes.add(new LinkChange.SetMac(mac)));
        wanted.mtu()
                .filter(mtu -> mtu.bytes() != found.mtu())
                .ifPresent(mtu -> changes.add(new LinkChange.SetMtu(mtu)));
        boolean moved = wanted.master().isPresent() && !wanted.master().equals(found.master());
        if (moved) {
            changes.add(new LinkChange.SetMaster(wanted.master().get()));
        }
        wanted.mark()
                .filter(mark -> !mark.equals(found.alias()))
                .ifPresent(mark -> changes.add(new LinkChange.SetAlias(mark)));
        // A port that joins a bridge starts with the kernel's own traits.
        Optional<Set<PortTrait>> traits = moved ? Optional.of(PortTrait.DEFAULTS) : found.port();
        wanted.port()
                .filter(port -> !Optional.of(port).equals(traits))
                .ifPresent(port -> changes.add(new LinkChange.SetPort(port)));
        return changes;
    }

    private static boolean isTunnel(LinkKind.Vxlan wanted, ObservedLink found) {
        return found.tunnel()
                .filter(tunnel -> tunnel.vni().equals(wanted.vni())
                        && tunnel.local().equals(Optional.of(wanted.local()))
                        && tunnel.port() == LinkKind.Vxlan.PORT
                        && tunnel.behaviour() == ObservedLink.Tunnel.Behaviour.PROGRAMMED)
                .isPresent();
    }
}
