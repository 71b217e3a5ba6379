package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.Network;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A network as the user wants it; empty text where nothing was given.
 *
 * @param traits of those that users may set: internal, attachable
 */
public record NetworkRequest(
        String name,
        String driver,
        String node,
        RequestedScope scope,
        Choice ipv4,
        Choice ipv6,
        List<SubnetRequest> subnets,
        String ipamDriver,
        Map<String, String> ipamOptions,
        Set<Network.Trait> traits,
        Map<String, String> options,
        Map<String, String> labels,
        ConfigurationWish configuration) {

    /**
     * What the user said of configuration networks.
     *
     * @param only whether the network is to be one
     * @param from reference of the one whose configuration is to be copied, or empty
     */
    public record ConfigurationWish(boolean only, String from) {
        public static final ConfigurationWish NONE = new ConfigurationWish(false, "");
    }

    /** What the user said of the scope. */
    public enum RequestedScope {
        /** Nothing: what the driver implies. */
        UNSET,
        LOCAL,
        GLOBAL
    }

    public NetworkRequest {
        subnets = List.copyOf(subnets);
        ipamOptions = Collections.unmodifiableMap(new TreeMap<>(ipamOptions));
        traits = Set.copyOf(traits);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** A request for a network with a configuration of its own. */
    public NetworkRequest(
            String name,
            String driver,
            String node,
            RequestedScope scope,
            Choice ipv4,
            Choice ipv6,
            List<SubnetRequest> subnets,
            String ipamDriver,
            Map<String, String> ipamOptions,
            Set<Network.Trait> traits,
            Map<String, String> options,
            Map<String, String> labels) {
        this(
                name,
                driver,
                node,
                scope,
                ipv4,
                ipv6,
                subnets,
                ipamDriver,
                ipamOptions,
                traits,
                options,
                labels,
                ConfigurationWish.NONE);
    }

    /** A request that leaves everything but the name to the server. */
    public static NetworkRequest named(String name) {
        return new NetworkRequest(
                name,
                "",
                "",
                RequestedScope.UNSET,
                Choice.UNSET,
                Choice.UNSET,
                List.of(),
                "",
                Map.of(),
                Set.of(),
                Map.of(),
                Map.of());
    }
}
