package dev.weft.node.kernel;

import dev.weft.node.kernel.ObservedLink.AdminState;
import java.util.Optional;

/** What a link looks like after an operation on it succeeded. */
public final class LinkEffects {

    /** The index of a link that was created but not read back yet. */
    public static final int UNKNOWN_INDEX = 0;

    private LinkEffects() {}

    /** A link right after its creation: down, and without its mark. */
    public static ObservedLink created(LinkSpec spec, int index) {
        Optional<ObservedLink.Tunnel> tunnel = spec.kind() instanceof LinkKind.Vxlan vxlan
                ? Optional.of(new ObservedLink.Tunnel(
                        vxlan.vni(),
                        Optional.of(vxlan.local()),
                        LinkKind.Vxlan.PORT,
                        ObservedLink.Tunnel.Behaviour.PROGRAMMED))
                : Optional.empty();
        return new ObservedLink(
                spec.name(),
                index,
                spec.kind().kernelName(),
                ObservedLink.Owner.WEFT,
                "",
                spec.mac(),
                spec.mtu().map(mtu -> mtu.bytes()).orElse(1500),
                spec.master(),
                AdminState.DOWN,
                tunnel,
                spec.master().map(_ -> PortTrait.DEFAULTS),
                spec.kind().configuration());
    }

    /** The other end of a pair right after its creation. */
    public static ObservedLink createdPeer(LinkSpec spec, LinkKind.VethHost pair, int index) {
        return new ObservedLink(
                pair.peerName(),
                index,
                pair.kernelName(),
                ObservedLink.Owner.WEFT,
                "",
                Optional.of(pair.peerMac()),
                spec.mtu().map(mtu -> mtu.bytes()).orElse(1500),
                Optional.empty(),
                AdminState.DOWN,
                Optional.empty(),
                Optional.empty());
    }

    public static ObservedLink changed(ObservedLink link, LinkChange change) {
        return switch (change) {
            case LinkChange.SetMac(var mac) -> link.with(link.alias(), Optional.of(mac), link.mtu(), link.state());
            case LinkChange.SetMtu(var mtu) -> link.with(link.alias(), link.mac(), mtu.bytes(), link.state());
            case LinkChange.SetMaster(var bridge) ->
                link.withMaster(Optional.of(bridge), Optional.of(PortTrait.DEFAULTS));
            case LinkChange.SetAlias(String alias) -> link.with(alias, link.mac(), link.mtu(), link.state());
            case LinkChange.SetPort(var traits) -> link.withMaster(link.master(), Optional.of(traits));
        };
    }

    public static ObservedLink up(ObservedLink link) {
        return link.with(link.alias(), link.mac(), link.mtu(), AdminState.UP);
    }
}
