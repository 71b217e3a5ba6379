package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.Network;
import dev.weft.net.Bandwidth;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An endpoint that may be made, once it has addresses.
 *
 * @param fixedAddresses those asked for by name; the network's other families get automatic ones
 * @param interfaceName where one was asked for
 * @param retention for how long its addresses are to be kept for the sandbox's name when it goes
 * @param linkLocal further addresses, of the link alone
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
        Bandwidth bandwidth,
        Optional<Duration> retention,
        List<IpAddress> linkLocal) {

    /** With the network's own fallback, not limited, nothing kept, and no link-local addresses. */
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
                Bandwidth.UNLIMITED,
                Optional.empty(),
                List.of());
    }

    public AdmittedEndpoint {
        fixedAddresses = Map.copyOf(fixedAddresses);
        aliases = List.copyOf(aliases);
        linkLocal = List.copyOf(linkLocal);
    }
}
