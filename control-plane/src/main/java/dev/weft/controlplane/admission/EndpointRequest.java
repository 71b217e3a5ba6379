package dev.weft.controlplane.admission;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An endpoint as the user wants it; empty text where nothing was given. */
public record EndpointRequest(
        String network,
        String ipv4Address,
        String ipv6Address,
        String macAddress,
        List<String> aliases,
        Map<String, String> driverOptions,
        int gatewayPriority,
        List<String> fallback,
        BandwidthRequest bandwidth) {

    /** With the network's own fallback, and not limited. */
    public EndpointRequest(
            String network,
            String ipv4Address,
            String ipv6Address,
            String macAddress,
            List<String> aliases,
            Map<String, String> driverOptions,
            int gatewayPriority) {
        this(
                network,
                ipv4Address,
                ipv6Address,
                macAddress,
                aliases,
                driverOptions,
                gatewayPriority,
                List.of(),
                BandwidthRequest.UNLIMITED);
    }

    public EndpointRequest {
        aliases = List.copyOf(aliases);
        fallback = List.copyOf(fallback);
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
