package dev.weft.node.reconcile;

import dev.weft.net.BitRate;
import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.Shaping;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkRow;
import java.util.List;
import java.util.Optional;

/**
 * The limit of what a sandbox sends, out of its reach. A link has a queue for what it sends only, so what comes in by the
 * host's end of the pair is sent through a link that exists for that, and limited there: as CNI's plugin bandwidth does it.
 */
final class LimitRules {

    private LimitRules() {}

    static List<KernelObject> egressOnHost(EndpointRow endpoint, NetworkRow network, BitRate rate) {
        InterfaceName ifb = Names.ifb(endpoint.id());
        return List.of(
                new LinkSpec(
                        ifb,
                        new LinkKind.Ifb(),
                        Optional.empty(),
                        Optional.of(network.mtu()),
                        Optional.empty(),
                        Optional.of(Names.mark("egress", endpoint.id())),
                        Optional.empty()),
                // Nothing is addressed to it.
                new KernelObject.Sysctl("net/ipv6/conf/" + ifb + "/disable_ipv6", "1"),
                Shaping.of(ifb, rate),
                new KernelObject.Diversion(Names.veth(endpoint.id()), ifb));
    }
}
