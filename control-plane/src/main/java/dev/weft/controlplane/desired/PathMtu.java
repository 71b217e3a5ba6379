package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.model.Node;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Mtu;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The MTU of a network's links. */
final class PathMtu {

    /** An underlay link below this carries no packet of the least size through VXLAN; the floor keeps the choice total. */
    private static final Mtu LEAST_UNDERLAY = new Mtu(68 + 70);

    private PathMtu() {}

    /** Of a bridge: the option, or Ethernet's. */
    static Mtu local(Network network) {
        return NetworkOptions.mtu(network).orElse(Mtu.ETHERNET);
    }

    /**
     * Of an overlay: the least over all nodes that take part, so that no packet that fits one node's link is lost on the
     * way to another. The option stands for the underlay's MTU, as in Docker: the overhead comes off it too.
     */
    static Mtu overlay(Network network, Collection<Node> participants) {
        Optional<Mtu> option = NetworkOptions.mtu(network);
        return participants.stream()
                .map(Node::facts)
                .map(facts -> inside(
                        option.orElse(facts.underlayMtu()),
                        facts.vtep().map(IpAddress::family).orElse(IpFamily.IPV4)))
                .min(Comparator.naturalOrder())
                .orElseGet(() -> inside(option.orElse(Mtu.ETHERNET), IpFamily.IPV4));
    }

    private static Mtu inside(Mtu underlay, IpFamily family) {
        return (underlay.compareTo(LEAST_UNDERLAY) < 0 ? LEAST_UNDERLAY : underlay).insideVxlan(family);
    }
}
