package dev.weft.controlplane.admission;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An endpoint as the user wants it; empty text where nothing was given.
 *
 * @param retention for how long its addresses are to be kept for the sandbox's name when it goes
 * @param linkLocal further addresses, of the link alone
 */
public record EndpointRequest(
        String network,
        String ipv4Address,
        String ipv6Address,
        String macAddress,
        List<String> aliases,
        Map<String, String> driverOptions,
        int gatewayPriority,
        List<String> fallback,
        BandwidthRequest bandwidth,
        Optional<Duration> retention,
        List<String> linkLocal) {

    /** One without limits and link-local addresses, of which nothing is to be kept. */
    public EndpointRequest(
            String network,
            String ipv4Address,
            String ipv6Address,
            String macAddress,
            List<String> aliases,
            Map<String, String> driverOptions,
            int gatewayPriority,
            List<String> fallback) {
        this(
                network,
                ipv4Address,
                ipv6Address,
                macAddress,
                aliases,
                driverOptions,
                gatewayPriority,
                fallback,
                BandwidthRequest.UNLIMITED,
                Optional.empty(),
                List.of());
    }

    /** The same with the network's own fallback. */
    public EndpointRequest(
            String network,
            String ipv4Address,
            String ipv6Address,
            String macAddress,
            List<String> aliases,
            Map<String, String> driverOptions,
            int gatewayPriority) {
        this(network, ipv4Address, ipv6Address, macAddress, aliases, driverOptions, gatewayPriority, List.of());
    }

    public EndpointRequest {
        aliases = List.copyOf(aliases);
        fallback = List.copyOf(fallback);
        linkLocal = List.copyOf(linkLocal);
        driverOptions = Collections.unmodifiableMap(new TreeMap<>(driverOptions));
    }

    /** Only the network. */
    public static EndpointRequest on(String network) {
        return new EndpointRequest(network, "", "", "", List.of(), Map.of(), 0);
    }

    /** The reference, with what stands for an empty one. */
    public String networkReference() {
        return network.isEmpty() ? "bridge" : network;
    }
}
