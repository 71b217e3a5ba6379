package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Uplink;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of a sandbox's endpoints provides its default route, for each family on its own. Docker's order: the higher
 * gateway priority, then an endpoint that could serve both families, then the network's name; endpoints of internal
 * networks provide none. The ids at the end only make the order total.
 */
final class DefaultRoutes {

    private record Candidate(Endpoint endpoint, Network network) {

        static final Comparator<Candidate> BEST_FIRST = Comparator.comparingInt(
                        (Candidate candidate) -> candidate.endpoint.gatewayPriority())
                .reversed()
                .thenComparing(candidate -> candidate.servesBoth() ? 0 : 1)
                .thenComparing(candidate -> candidate.network.name())
                .thenComparing(candidate -> candidate.network.id())
                .thenComparing(candidate -> candidate.endpoint.id());

        Optional<IpAddress> gateway(IpFamily family) {
            if (network.has(Network.Trait.INTERNAL)) {
                return Optional.empty();
            }
            if (Uplink.of(network).filter(Uplink::isRouted).isPresent()) {
                // The node routes what comes out of the link: no router is on it, and the default route has no next
                // hop.
                return endpoint.link()
                        .flatMap(link -> link.address(family))
                        .map(_ -> IpAddress.ofBytes(new byte[family.bytes()]));
            }
            return endpoint.link()
                    .flatMap(link -> link.address(family))
                    .map(InterfaceAddress::address)
                    .flatMap(network::subnetOf)
                    .flatMap(Subnet::defaultGateway);
        }

        private boolean servesBoth() {
            return gateway(IpFamily.IPV4).isPresent() && gateway(IpFamily.IPV6).isPresent();
        }
    }

    private DefaultRoutes() {}

    /** The default routes that the endpoint provides: none, one, or one a family. */
    static List<IpAddress> providedBy(ClusterView view, Endpoint endpoint) {
        List<Candidate> candidates = candidates(view, endpoint.sandbox());
        List<IpAddress> gateways = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            candidates.stream()
                    .filter(candidate -> candidate.gateway(family).isPresent())
                    .min(Candidate.BEST_FIRST)
                    .filter(best -> best.endpoint.id().equals(endpoint.id()))
                    .flatMap(best -> best.gateway(family))
                    .ifPresent(gateways::add);
        }
        return gateways;
    }

    private static List<Candidate> candidates(ClusterView view, SandboxId sandbox) {
        return view.endpointsIn(sandbox).stream()
                .map(Versioned::value)
                .flatMap(endpoint ->
                        view
                                .network(endpoint.network())
                                .map(network -> new Candidate(endpoint, network.value()))
                                .stream())
                .toList();
    }
}
