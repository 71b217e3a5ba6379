package dev.weft.node.reconcile;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkRow;
import java.util.List;
import java.util.Optional;

/**
 * Where a sandbox's published ports of one family lead: to the address of the endpoint which gives the sandbox its default
 * route in that family.
 */
public record PortTarget(IpAddress address, NetworkRow network) {

    /** Empty where the sandbox has no such endpoint. */
    public static Optional<PortTarget> of(String sandboxId, IpFamily family, RowIndex rows) {
        return of(rows.endpointsOf(sandboxId), family, rows);
    }

    static Optional<PortTarget> of(List<EndpointRow> endpoints, IpFamily family, RowIndex rows) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.gateways().stream().anyMatch(gateway -> gateway.family() == family))
                .findFirst()
                .flatMap(endpoint -> rows.network(endpoint.networkId())
                        .filter(PortTarget::hasBridge)
                        .flatMap(
                                network -> address(endpoint, family).map(address -> new PortTarget(address, network))));
    }

    /** The host's port means something: elsewhere the sandbox is reached at its own address only. */
    public boolean isTranslated() {
        return network.access().mode(address.family()).translates();
    }

    /** Elsewhere, as on macvlan, a sandbox has an address of its own outside and the host no part in it. */
    private static boolean hasBridge(NetworkRow network) {
        return switch (network.driver()) {
            case BRIDGE, OVERLAY -> network.bridgeName().isPresent();
            case HOST, NULL, MACVLAN, IPVLAN -> false;
        };
    }

    private static Optional<IpAddress> address(EndpointRow endpoint, IpFamily family) {
        return endpoint.addresses().stream()
                .map(InterfaceAddress::address)
                .filter(address -> address.family() == family)
                .findFirst();
    }
}
