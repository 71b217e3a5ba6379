package dev.weft.controlplane.model;

import dev.weft.net.GatewayMode;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Mtu;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The driver options that Weft acts on, under Docker's names, and what they mean for a network. Admission has refused bad
 * values; should one be stored all the same, it counts as not given.
 */
public final class NetworkOptions {

    public static final String BRIDGE_NAME = "com.docker.network.bridge.name";
    public static final String MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
    public static final String INTER_CONTAINER = "com.docker.network.bridge.enable_icc";
    public static final String INHIBIT_IPV4 = "com.docker.network.bridge.inhibit_ipv4";
    public static final String TRUSTED_INTERFACES = "com.docker.network.bridge.trusted_host_interfaces";
    public static final String HOST_BINDING = "com.docker.network.bridge.host_binding_ipv4";
    public static final String MTU = "com.docker.network.driver.mtu";
    public static final String INTERFACE_PREFIX = "com.docker.network.container_iface_prefix";
    public static final String VXLAN_IDS = "com.docker.network.driver.overlay.vxlanid_list";
    public static final String DEFAULT_BRIDGE = "com.docker.network.bridge.default_bridge";

    /** Of the IPAM driver: that addresses are chosen one behind the other, and not the lowest free one. */
    public static final String SERIAL = "com.docker.network.ipam.serial";

    /** Of an endpoint: the name of its interface inside the sandbox. */
    public static final String ENDPOINT_INTERFACE = "com.docker.network.endpoint.ifname";

    private NetworkOptions() {}

    /** The Linux bridge of a bridge network; {@code br-} and the first digits of its id where none was named. */
    public static InterfaceName bridgeName(Network network) {
        return Optional.ofNullable(network.options().get(BRIDGE_NAME))
                .flatMap(NetworkOptions::interfaceName)
                .orElseGet(() -> new InterfaceName("br-" + network.id().shortId()));
    }

    /** Whether traffic that leaves the network takes the host's address. */
    public static boolean masquerades(Network network) {
        return !network.has(Network.Trait.INTERNAL) && flag(network, MASQUERADE, true);
    }

    /** Whether endpoints of the network may talk to each other. */
    public static boolean connectsEndpoints(Network network) {
        return flag(network, INTER_CONTAINER, true);
    }

    /** The option that says how a family gets in and out. */
    public static String gatewayModeKey(IpFamily family) {
        return "com.docker.network.bridge.gateway_mode_ip" + (family == IpFamily.IPV4 ? "v4" : "v6");
    }

    /** How a family of a bridge network gets in and out. */
    public static GatewayMode gatewayMode(Map<String, String> options, IpFamily family) {
        return Optional.ofNullable(options.get(gatewayModeKey(family)))
                .flatMap(GatewayMode::parse)
                .orElse(GatewayMode.NAT);
    }

    /** The option that names the address with which a family leaves. */
    public static String sourceAddressKey(IpFamily family) {
        return "com.docker.network.host_ip" + (family == IpFamily.IPV4 ? "v4" : "v6");
    }

    /** The host's address that what leaves a bridge network by translation carries; empty for that of the way out. */
    public static Optional<IpAddress> sourceAddress(Map<String, String> options, IpFamily family) {
        return Optional.ofNullable(options.get(sourceAddressKey(family)))
                .flatMap(NetworkOptions::address)
                .filter(address -> address.family() == family);
    }

    /** Whether the bridge is to have the gateway's address of the family. */
    public static boolean bridgeHasAddress(Map<String, String> options, IpFamily family) {
        boolean inhibited = family == IpFamily.IPV4
                && Optional.ofNullable(options.get(INHIBIT_IPV4))
                        .flatMap(NetworkOptions::parseFlag)
                        .orElse(false);
        return !inhibited && gatewayMode(options, family) != GatewayMode.ISOLATED;
    }

    /** The host's interfaces by which published ports may be reached at the sandboxes' own addresses. */
    public static List<InterfaceName> trustedInterfaces(Map<String, String> options) {
        return Stream.of(options.getOrDefault(TRUSTED_INTERFACES, "").split(":", -1))
                .filter(name -> !name.isEmpty())
                .flatMap(name -> interfaceName(name).stream())
                .toList();
    }

    /**
     * The host's address for ports that name none, of either family, as in Docker: the other family has none then.
     * Empty for all addresses, which {@code 0.0.0.0} also says.
     */
    public static Optional<IpAddress> hostBinding(Map<String, String> options) {
        return Optional.ofNullable(options.get(HOST_BINDING))
                .flatMap(NetworkOptions::address)
                .filter(address -> !address.isUnspecified() || address.family() == IpFamily.IPV6);
    }

    /** The MTU asked for, before any overhead is taken off; empty for the kernel's or the underlay's. */
    public static Optional<Mtu> mtu(Network network) {
        return mtu(network.options());
    }

    /** The same, of driver options. */
    public static Optional<Mtu> mtu(Map<String, String> options) {
        return Optional.ofNullable(options.get(MTU)).flatMap(NetworkOptions::mtu);
    }

    /** Whether each address is chosen behind the one before. */
    public static boolean choosesSerially(Network network) {
        return Optional.ofNullable(network.ipamOptions().get(SERIAL))
                .flatMap(NetworkOptions::parseFlag)
                .orElse(false);
    }

    /** What interface names inside sandboxes begin with. */
    public static String interfacePrefix(Network network) {
        return network.options().getOrDefault(INTERFACE_PREFIX, "eth");
    }

    /** Reads a flag as Go's {@code strconv.ParseBool} does; empty for anything else. */
    public static Optional<Boolean> parseFlag(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
            case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static boolean flag(Network network, String key, boolean otherwise) {
        return Optional.ofNullable(network.options().get(key))
                .flatMap(NetworkOptions::parseFlag)
                .orElse(otherwise);
    }

    private static Optional<InterfaceName> interfaceName(String text) {
        try {
            return Optional.of(new InterfaceName(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<IpAddress> address(String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Mtu> mtu(String text) {
        try {
            return Optional.of(new Mtu(Integer.parseInt(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
