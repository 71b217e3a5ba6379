package dev.weft.node.model;

import dev.weft.net.Bandwidth;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.node.kernel.KernelObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An endpoint of this node.
 *
 * @param interfaceName inside the sandbox; absent, as is the MAC, on host and null networks
 * @param addresses one a family at most
 * @param names what others on the network find it by; the first is what its addresses resolve to
 * @param gatewayPriority networks of endpoints with a higher number are looked in first
 * @param gateways the default routes that this endpoint gives its sandbox: none, one or one a family
 * @param sysctls of its interface
 * @param bandwidth what may pass through it
 * @param linkLocal further addresses, of the link alone: no names or routes lead to them
 */
public record EndpointRow(
        String id,
        long revision,
        String networkId,
        String sandboxId,
        Optional<InterfaceName> interfaceName,
        Optional<MacAddress> mac,
        List<InterfaceAddress> addresses,
        List<IpAddress> gateways,
        List<String> aliases,
        List<KernelObject.Sysctl> sysctls,
        List<String> names,
        int gatewayPriority,
        Bandwidth bandwidth,
        List<InterfaceAddress> linkLocal)
        implements Row {

    /** An endpoint that is not limited, without addresses of the link alone. */
    public EndpointRow(
            String id,
            long revision,
            String networkId,
            String sandboxId,
            Optional<InterfaceName> interfaceName,
            Optional<MacAddress> mac,
            List<InterfaceAddress> addresses,
            List<IpAddress> gateways,
            List<String> aliases,
            List<KernelObject.Sysctl> sysctls,
            List<String> names,
            int gatewayPriority) {
        this(
                id,
                revision,
                networkId,
                sandboxId,
                interfaceName,
                mac,
                addresses,
                gateways,
                aliases,
                sysctls,
                names,
                gatewayPriority,
                Bandwidth.UNLIMITED,
                List.of());
    }

    /** An endpoint without settings or names of its own. */
    public EndpointRow(
            String id,
            long revision,
            String networkId,
            String sandboxId,
            Optional<InterfaceName> interfaceName,
            Optional<MacAddress> mac,
            List<InterfaceAddress> addresses,
            List<IpAddress> gateways,
            List<String> aliases) {
        this(
                id,
                revision,
                networkId,
                sandboxId,
                interfaceName,
                mac,
                addresses,
                gateways,
                aliases,
                List.of(),
                List.of(),
                0);
    }

    public EndpointRow {
        addresses = List.copyOf(addresses);
        gateways = List.copyOf(gateways);
        aliases = List.copyOf(aliases);
        sysctls = List.copyOf(sysctls);
        names = List.copyOf(names);
        linkLocal = List.copyOf(linkLocal);
    }

    /** All that its interface has. */
    public List<InterfaceAddress> interfaceAddresses() {
        return Stream.concat(addresses.stream(), linkLocal.stream()).toList();
    }

    /** The same with limits. */
    public EndpointRow with(Bandwidth limits) {
        return new EndpointRow(
                id,
                revision,
                networkId,
                sandboxId,
                interfaceName,
                mac,
                addresses,
                gateways,
                aliases,
                sysctls,
                names,
                gatewayPriority,
                limits,
                linkLocal);
    }

    @Override
    public RowKey key() {
        return new RowKey(RowKind.ENDPOINT, id);
    }
}
