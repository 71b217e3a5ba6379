package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.Network;
import dev.weft.net.Bandwidth;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An endpoint that may be made, once it has addresses.
 *
 * @param fixedAddresses those asked for by name; the network's other families get automatic ones
 * @param interfaceName where one was asked for
 */
public record AdmittedEndpoint(
        Network network,
        Map<IpFamily, IpAddress> fixedAddresses,
        Optional<MacAddress> macAddress,
        Optional<InterfaceName> interfaceName,
        List<String> aliases,
        Map<String, String> driverOptions,
        int gatewayPriority,
        FallbackWish fallback,
        Bandwidth bandwidth) {

    /** With the network's own fallback, and not limited. */
    public AdmittedEndpoint(
            Network network,
            Map<IpFamily, IpAddress> fixedAddresses,
            Optional<MacAddress> macAddress,
            Optional<InterfaceName> interfaceName,
            List<String> aliases,
            Map<String, String> driverOptions,
            int gatewayPriority) {
        this(
                network,
                fixedAddresses,
                macAddress,
                interfaceName,
                aliases,
                driverOptions,
                gatewayPriority,
                FallbackWish.ofNetwork(network),
                Bandwidth.UNLIMITED);
    }

    public AdmittedEndpoint {
        fixedAddresses = Map.copyOf(fixedAddresses);
        aliases = List.copyOf(aliases);
    }
}
