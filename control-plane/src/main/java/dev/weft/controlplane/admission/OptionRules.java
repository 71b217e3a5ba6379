package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Fallback;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.net.GatewayMode;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Mtu;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Driver options of networks. An option without our or Docker's prefix is stored and ignored, as in Docker. One with such
 * a prefix means something to somebody: it is understood, or refused.
 */
final class OptionRules {

    static final String ENABLE_IPV4 = "com.docker.network.enable_ipv4";
    static final String ENABLE_IPV6 = "com.docker.network.enable_ipv6";

    private static final List<String> CLAIMED_PREFIXES = List.of("com.docker.network.", "dev.weft.");

    /** Bare names that Docker's overlay driver acts on, whatever their value, and why they are refused. */
    private static final Map<String, String> OVERLAY_SWITCHES = Map.of(
            "encrypted",
            "encrypted overlay networks are not built: encrypt the underlay between the nodes, with WireGuard or IPsec",
            "dsr",
            "dsr is not built: there is no load balancer whose answers could take the direct way");

    /** IPv6's least (RFC 8200 §5). */
    private static final int MIN_IPV6_MTU = 1280;

    /** VXLAN over IPv6, the larger of the two overheads: a node's underlay may be either. */
    private static final int OVERLAY_OVERHEAD = 70;

    /** Room for a number after it. */
    private static final int MAX_PREFIX = InterfaceName.MAX_LENGTH - 3;

    /** What is wrong with a value, if anything. */
    @FunctionalInterface
    private interface Rule {
        Optional<Problem> check(String key, String value);
    }

    private record Problem(Reason reason, String message) {}

    private static final Map<String, Rule> COMMON = Map.of(
            NetworkOptions.INTERFACE_PREFIX,
            OptionRules::interfacePrefix,
            ENABLE_IPV4,
            OptionRules::familySwitch,
            ENABLE_IPV6,
            OptionRules::familySwitch,
            Fallback.NETWORK_OPTION,
            (_, value) -> FallbackWish.problem(List.of(value.split(",", -1))).flatMap(OptionRules::malformed));

    private static final Map<String, Rule> BRIDGE = bridgeRules();

    private final Driver driver;
    private final Set<IpFamily> families;

    OptionRules(Driver driver, Set<IpFamily> families) {
        this.driver = driver;
        this.families = families;
    }

    void check(Map<String, String> options, Violations violations) {
        options.forEach((key, value) -> problem(key, value)
                .ifPresent(
                        problem -> violations.add("options[" + shown(key) + "]", problem.reason(), problem.message())));
    }

    private Optional<Problem> problem(String key, String value) {
        if (key.equals(NetworkOptions.MTU)) {
            return mtu(value);
        }
        Rule rule = COMMON.get(key);
        if (rule == null && driver == Driver.BRIDGE) {
            rule = BRIDGE.get(key);
        }
        if (rule != null) {
            return rule.check(key, value);
        }
        if (driver == Driver.OVERLAY) {
            if (key.equals(NetworkOptions.VXLAN_IDS)) {
                // Read by VxlanIds, together with the subnets.
                return Optional.empty();
            }
            String leftOut = OVERLAY_SWITCHES.get(key);
            if (leftOut != null) {
                return Optional.of(new Problem(Reason.UNSUPPORTED, leftOut));
            }
        }
        if (CLAIMED_PREFIXES.stream().noneMatch(key::startsWith)) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                Reason.UNKNOWN_OPTION,
                BRIDGE.containsKey(key) || key.equals(NetworkOptions.VXLAN_IDS)
                        ? "option " + key + " does not apply to driver " + driver
                        : "unknown option " + shown(key) + " for driver " + driver));
    }

    private static Map<String, Rule> bridgeRules() {
        Map<String, Rule> rules = new TreeMap<>();
        rules.put(NetworkOptions.BRIDGE_NAME, OptionRules::bridgeName);
        rules.put(NetworkOptions.MASQUERADE, OptionRules::flag);
        rules.put(NetworkOptions.INTER_CONTAINER, OptionRules::flag);
        rules.put(NetworkOptions.DEFAULT_BRIDGE, OptionRules::defaultBridge);
        rules.put(NetworkOptions.INHIBIT_IPV4, OptionRules::flag);
        rules.put(NetworkOptions.HOST_BINDING, OptionRules::hostBinding);
        for (IpFamily family : IpFamily.values()) {
            rules.put(NetworkOptions.gatewayModeKey(family), OptionRules::gatewayMode);
            rules.put(NetworkOptions.sourceAddressKey(family), (key, value) -> sourceAddress(key, value, family));
        }
        rules.put(NetworkOptions.TRUSTED_INTERFACES, OptionRules::hostInterfaces);
        rules.put("com.docker.network.advertise_addr_nmsgs", (key, value) -> announcement(key, value, 0, 3));
        rules.put("com.docker.network.advertise_addr_ms", (key, value) -> announcement(key, value, 100, 2000));
        return Map.copyOf(rules);
    }

    private static Optional<Problem> flag(String key, String value) {
        return NetworkOptions.parseFlag(value).isPresent()
                ? Optional.empty()
                : malformed("failed to parse " + key + " value: " + shown(value) + " (strconv.ParseBool: parsing \""
                        + shown(value) + "\": invalid syntax)");
    }

    private static Optional<Problem> familySwitch(String key, String value) {
        return NetworkOptions.parseFlag(value).isPresent()
                ? Optional.empty()
                : malformed("driver-opt \"" + key + "\" is not a valid bool");
    }

    private static Optional<Problem> defaultBridge(String key, String value) {
        return flag(key, value)
                .or(() -> NetworkOptions.parseFlag(value).equals(Optional.of(false))
                        ? Optional.empty()
                        : Optional.of(new Problem(
                                Reason.PREDEFINED_NETWORK,
                                "each node has its default bridge from the start; a second one is not possible")));
    }

    private static Optional<Problem> bridgeName(String key, String value) {
        if (value.equals("lo")) {
            return Optional.of(new Problem(Reason.RESERVED, "the loopback interface cannot be a bridge"));
        }
        try {
            new InterfaceName(value);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return malformed("invalid bridge name '" + shown(value) + "': it should be 1 to " + InterfaceName.MAX_LENGTH
                    + " printable characters without '/', ':', '%' or quotes");
        }
    }

    private static Optional<Problem> interfacePrefix(String key, String value) {
        try {
            new InterfaceName(value);
        } catch (IllegalArgumentException e) {
            return malformed("invalid interface name prefix '" + shown(value) + "': it should be 1 to " + MAX_PREFIX
                    + " printable characters without '/', ':', '%' or quotes");
        }
        return value.length() <= MAX_PREFIX
                ? Optional.empty()
                : Optional.of(new Problem(
                        Reason.TOO_LONG,
                        "interface name prefix '" + value + "' is too long: at most " + MAX_PREFIX
                                + " characters leave room for a number"));
    }

    private static Optional<Problem> hostBinding(String key, String value) {
        IpAddress address;
        try {
            address = IpAddress.parse(value);
        } catch (IllegalArgumentException e) {
            return malformed("failed to parse " + key + " value: " + shown(value) + " (invalid IP address)");
        }
        return PortRules.addressProblem("", address).map(problem -> new Problem(problem.reason(), problem.message()));
    }

    private static Optional<Problem> gatewayMode(String key, String value) {
        return GatewayMode.parse(value).isPresent()
                ? Optional.empty()
                : malformed("failed to parse " + key + " value: " + shown(value) + " (unknown gateway mode "
                        + shown(value) + ")");
    }

    /** Names of interfaces with colons between them. */
    private static Optional<Problem> hostInterfaces(String key, String value) {
        for (String name : value.split(":", -1)) {
            try {
                new InterfaceName(name);
            } catch (IllegalArgumentException e) {
                return malformed("failed to parse " + key + " value: " + shown(value) + " (invalid interface name '"
                        + shown(name) + "')");
            }
        }
        return Optional.empty();
    }

    /** What a gateway mode asks of the rest of the network. */
    static void checkGatewayModes(NetworkRequest request, Violations violations) {
        for (IpFamily family : IpFamily.values()) {
            String key = NetworkOptions.gatewayModeKey(family);
            if (NetworkOptions.gatewayMode(request.options(), family) == GatewayMode.ISOLATED
                    && !request.traits().contains(Network.Trait.INTERNAL)) {
                violations.add(
                        "options[" + key + "]",
                        Reason.CONFLICT,
                        "gateway mode 'isolated' can only be used for an internal network");
            }
        }
    }

    /** A default address for published ports leads into the sandbox by its own family only. */
    static void checkHostBinding(NetworkRequest request, Set<IpFamily> families, Violations violations) {
        NetworkOptions.hostBinding(request.options())
                .filter(address -> PortRules.addressProblem("", address).isEmpty())
                .filter(address -> !families.contains(address.family()))
                .ifPresent(address -> violations.add(
                        "options[" + NetworkOptions.HOST_BINDING + "]",
                        Reason.CONFLICT,
                        "ports on " + address + " lead to " + address.family()
                                + " addresses, and this network has none: no port could be published"));
    }

    private static Optional<Problem> sourceAddress(String key, String value, IpFamily family) {
        IpAddress address;
        try {
            address = IpAddress.parse(value);
        } catch (IllegalArgumentException e) {
            return malformed("failed to parse " + key + " value: " + shown(value) + " (invalid IP address)");
        }
        if (address.family() != family) {
            return malformed("failed to parse " + key + " value: " + shown(value) + " (not an " + family + " address)");
        }
        return address.isUnspecified() || address.isMulticast() || address.isLoopback() || address.isLinkLocal()
                ? Optional.of(new Problem(
                        Reason.OUT_OF_RANGE,
                        "invalid IP address: " + address + ": what leaves the host needs a unicast address to which"
                                + " answers find their way"))
                : Optional.empty();
    }

    private static Optional<Problem> announcement(String key, String value, int min, int max) {
        Optional<Integer> number = integer(value);
        if (number.isEmpty() || number.get() < min || number.get() > max) {
            return malformed("invalid value " + shown(value) + " for " + key + ": it should be " + min + " to " + max);
        }
        return Optional.of(new Problem(
                Reason.UNSUPPORTED,
                "announcing addresses is not built: an endpoint's MAC follows from its address, so neighbors have"
                        + " nothing to learn"));
    }

    private Optional<Problem> mtu(String value) {
        Optional<Integer> number = integer(value);
        if (number.isEmpty()) {
            return malformed("failed to parse " + NetworkOptions.MTU + " value: " + shown(value) + " (not a number)");
        }
        int mtu = number.get();
        if (mtu == 0) {
            return Optional.empty();
        }
        if (mtu < 0) {
            return Optional.of(new Problem(Reason.OUT_OF_RANGE, "invalid MTU number: " + mtu));
        }
        int overhead = driver == Driver.OVERLAY ? OVERLAY_OVERHEAD : 0;
        int least = overhead + (families.contains(IpFamily.IPV6) ? MIN_IPV6_MTU : 68);
        try {
            new Mtu(mtu);
        } catch (IllegalArgumentException e) {
            return Optional.of(new Problem(Reason.OUT_OF_RANGE, e.getMessage() + ", or 0 for the default"));
        }
        return mtu >= least
                ? Optional.empty()
                : Optional.of(new Problem(
                        Reason.OUT_OF_RANGE,
                        "invalid MTU number: " + mtu + ": this network needs at least " + least
                                + (overhead == 0 ? "" : ", of which " + overhead + " are VXLAN's own")));
    }

    static Optional<Integer> integer(String text) {
        try {
            return Optional.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Problem> malformed(String message) {
        return Optional.of(new Problem(Reason.MALFORMED, message));
    }
}
