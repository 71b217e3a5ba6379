package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a sandbox's ports are published when their request names no host address: where the network says that provides
 * the default route, and so is where the ports lead; everywhere if it says nothing. Decided when ports are published.
 */
public final class HostBindings {

    /** A network that the sandbox is on, or is to be. */
    public record Attachment(Network network, int gatewayPriority) {

        /** The order in which networks provide the default route (DefaultRoutes). */
        static final Comparator<Attachment> BEST_FIRST = Comparator.comparingInt(Attachment::gatewayPriority)
                .reversed()
                .thenComparing(attachment -> attachment.servesBoth() ? 0 : 1)
                .thenComparing(attachment -> attachment.network().name())
                .thenComparing(attachment -> attachment.network().id());

        private boolean servesBoth() {
            return serves(IpFamily.IPV4) && serves(IpFamily.IPV6);
        }

        private boolean serves(IpFamily family) {
            return !network.has(Network.Trait.INTERNAL)
                    && network.subnets().stream()
                            .anyMatch(subnet -> subnet.family() == family
                                    && subnet.defaultGateway().isPresent());
        }
    }

    private HostBindings() {}

    /** The host addresses of a port for which none was named; each is a family's. */
    public static List<IpAddress> of(List<Attachment> attachments) {
        Optional<Network> ipv4 = provider(attachments, IpFamily.IPV4);
        Optional<Network> ipv6 = provider(attachments, IpFamily.IPV6);
        return Stream.of(
                        // A family that nobody provides is claimed with the other's rule: never wider than that says.
                        address(ipv4.or(() -> ipv6), IpFamily.IPV4).stream(),
                        address(ipv6.or(() -> ipv4), IpFamily.IPV6).stream())
                .flatMap(address -> address)
                .toList();
    }

    private static Optional<Network> provider(List<Attachment> attachments, IpFamily family) {
        return attachments.stream()
                .filter(attachment -> attachment.serves(family))
                .min(Attachment.BEST_FIRST)
                .map(Attachment::network);
    }

    private static Optional<IpAddress> address(Optional<Network> network, IpFamily family) {
        IpAddress everywhere = IpAddress.ofBytes(new byte[family.bytes()]);
        return network.filter(found -> found.driver() == Driver.BRIDGE)
                .flatMap(found -> NetworkOptions.hostBinding(found.options()))
                .map(named -> named.family() == family ? Optional.of(named) : Optional.<IpAddress>empty())
                .orElse(Optional.of(everywhere));
    }
}
