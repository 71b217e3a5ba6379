package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.ipam.Reserved;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Subnet;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One endpoint of a request against its network, whatever else the sandbox has. */
final class EndpointRules {

    static final int MAX_ALIASES = 64;

    private static final Duration MIN_RETENTION = Duration.ofSeconds(1);

    /** What is kept is missing to others, and a forgotten name should not hold it for good. */
    private static final Duration MAX_RETENTION = Duration.ofDays(30);

    private static final int MAX_ALIAS = 253;
    private static final Pattern ALIAS = Pattern.compile("[a-zA-Z0-9_]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?");
    private static final String SYSCTLS = "com.docker.network.endpoint.sysctls";
    private static final Pattern SYSCTL =
            Pattern.compile("net\\.(ipv4|ipv6|mpls)\\.[a-z0-9_]+\\.(IFNAME|ifname)\\.[a-z0-9_]+=[^,=\\p{Cntrl}]{1,64}");

    private final String field;
    private final EndpointRequest request;
    private final Violations violations;

    /** @param field the endpoint's path: {@code endpoint} or {@code endpoints[0]} */
    EndpointRules(String field, EndpointRequest request, Violations violations) {
        this.field = field;
        this.request = request;
        this.violations = violations;
    }

    /** The network that the reference leads to; empty with a violation added. */
    Optional<Network> network(Resolution<Network> resolution) {
        String reference = shown(request.networkReference());
        return switch (resolution) {
            case Resolution.Found<Network>(Network network) -> {
                if (network.isConfigurationOnly()) {
                    add(
                            "network",
                            Reason.INCOMPATIBLE_NETWORK,
                            "cannot create endpoint on configuration-only network " + network.name()
                                    + ": make a network from it first");
                    yield Optional.empty();
                }
                yield Optional.of(network);
            }
            case Resolution.NotFound<Network>() -> {
                add("network", Reason.NETWORK_NOT_FOUND, "network " + reference + " not found");
                yield Optional.empty();
            }
            case Resolution.Ambiguous<Network>(int matches, Resolution.Basis basis) -> {
                add(
                        "network",
                        Reason.AMBIGUOUS_REFERENCE,
                        "network " + reference + " is ambiguous (" + matches + " matches found "
                                + (basis == Resolution.Basis.NAME ? "on" : "based on") + " " + basis + ")");
                yield Optional.empty();
            }
        };
    }

    /** Checks that the network can be had on the node. */
    void checkNode(Network network, NodeName node) {
        network.node()
                .filter(home -> !home.equals(node))
                .ifPresent(home -> add(
                        "network",
                        Reason.INCOMPATIBLE_NETWORK,
                        "network " + network.name() + " is local to node " + home + ", the sandbox is on node "
                                + node));
    }

    /** The endpoint as far as it can be understood; what cannot has a violation. */
    AdmittedEndpoint check(Network network) {
        Map<IpFamily, IpAddress> addresses = new EnumMap<>(IpFamily.class);
        address("ipv4_address", request.ipv4Address(), IpFamily.IPV4, network)
                .ifPresent(address -> addresses.put(IpFamily.IPV4, address));
        address("ipv6_address", request.ipv6Address(), IpFamily.IPV6, network)
                .ifPresent(address -> addresses.put(IpFamily.IPV6, address));
        return new AdmittedEndpoint(
                network,
                addresses,
                macAddress(network),
                options(network),
                aliases(network),
                request.driverOptions(),
                request.gatewayPriority(),
                fallback(network),
                BandwidthRules.check(field + ".bandwidth", request.bandwidth(), network, violations),
                retention(network),
                LinkLocalRules.check(field + ".link_local_addresses", request.linkLocal(), network, violations));
    }

    private Optional<Duration> retention(Network network) {
        request.retention().ifPresent(retention -> {
            if (retention.compareTo(MIN_RETENTION) < 0 || retention.compareTo(MAX_RETENTION) > 0) {
                add(
                        "retain_ip",
                        Reason.OUT_OF_RANGE,
                        "addresses can be kept for " + MIN_RETENTION.toSeconds() + " second to "
                                + MAX_RETENTION.toDays() + " days");
            }
            if (!network.driver().hasAddresses()) {
                add(
                        "retain_ip",
                        Reason.INCOMPATIBLE_NETWORK,
                        "network " + network.name() + " has no addresses that could be kept");
            }
        });
        return request.retention();
    }

    private FallbackWish fallback(Network network) {
        FallbackWish.problem(request.fallback()).ifPresent(problem -> add("fallback", Reason.MALFORMED, problem));
        if (!request.fallback().isEmpty() && !network.driver().hasAddresses()) {
            add(
                    "fallback",
                    Reason.INCOMPATIBLE_NETWORK,
                    "network " + network.name() + " can always be had: a fallback has no meaning on it");
        }
        return FallbackWish.of(request.fallback(), network);
    }

    private Optional<IpAddress> address(String subfield, String text, IpFamily family, Network network) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        IpAddress address;
        try {
            address = IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            add(subfield, Reason.MALFORMED, "invalid " + family + " address: " + shown(text));
            return Optional.empty();
        }
        if (address.family() != family) {
            add(subfield, Reason.MALFORMED, "invalid " + family + " address: " + shown(text));
            return Optional.empty();
        }
        if (!isUserDefined(network)) {
            add(
                    subfield,
                    Reason.INCOMPATIBLE_NETWORK,
                    "user-specified IP address is supported on user-defined networks only");
            return Optional.empty();
        }
        Optional<Subnet> subnet = network.subnetOf(address);
        if (subnet.isEmpty()) {
            add(subfield, Reason.OUT_OF_RANGE, "no configured subnet contains IP address " + address);
            return Optional.empty();
        }
        if (Reserved.byShape(subnet.get().cidr()).contains(address)) {
            add(
                    subfield,
                    Reason.RESERVED,
                    address + " is the "
                            + (address.equals(subnet.get().cidr().last()) ? "broadcast" : "network") + " address of "
                            + subnet.get().cidr());
            return Optional.empty();
        }
        if (subnet.get().gateway().equals(Optional.of(address))) {
            add(subfield, Reason.ADDRESS_IN_USE, "Address already in use: " + address + " is the network's gateway");
        } else if (subnet.get().auxAddresses().containsValue(address)) {
            add(subfield, Reason.ADDRESS_IN_USE, "Address already in use: " + address + " is an auxiliary address");
        }
        return Optional.of(address);
    }

    private Optional<MacAddress> macAddress(Network network) {
        String text = request.macAddress();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        MacAddress mac;
        try {
            mac = MacAddress.parse(text);
        } catch (IllegalArgumentException e) {
            add(
                    "mac_address",
                    Reason.MALFORMED,
                    "invalid MAC address: " + shown(text) + ": it should be six hexadecimal bytes joined by ':'");
            return Optional.empty();
        }
        if (mac.isMulticast() || mac.value() == 0) {
            add(
                    "mac_address",
                    Reason.RESERVED,
                    "invalid MAC address: " + mac + " is "
                            + (mac.isMulticast() ? "a group address, not an interface's" : "no interface's address"));
        } else if (network.driver() == Driver.IPVLAN) {
            add(
                    "mac_address",
                    Reason.INCOMPATIBLE_NETWORK,
                    "ipvlan interfaces do not support custom mac address assignment");
        } else if (!network.driver().hasAddresses()) {
            add(
                    "mac_address",
                    Reason.INCOMPATIBLE_NETWORK,
                    "a MAC address has no meaning on a network of driver " + network.driver());
        }
        return Optional.of(mac);
    }

    private List<String> aliases(Network network) {
        List<String> aliases = request.aliases().stream().distinct().toList();
        if (aliases.isEmpty()) {
            return aliases;
        }
        if (!isUserDefined(network)) {
            add(
                    "aliases",
                    Reason.INCOMPATIBLE_NETWORK,
                    "network-scoped aliases are only supported for user-defined networks");
        }
        if (aliases.size() > MAX_ALIASES) {
            add("aliases", Reason.TOO_MANY, aliases.size() + " aliases are too many: at most " + MAX_ALIASES);
            return List.of();
        }
        for (int i = 0; i < request.aliases().size(); i++) {
            String alias = request.aliases().get(i);
            if (alias.length() > MAX_ALIAS || !ALIAS.matcher(alias).matches()) {
                add(
                        "aliases[" + i + "]",
                        Reason.MALFORMED,
                        "invalid alias '" + shown(alias)
                                + "': it should be a DNS name of letters, digits, '-', '_' and '.'");
            }
        }
        return aliases;
    }

    /** Checks the driver options; returns the interface name that they ask for. */
    private Optional<InterfaceName> options(Network network) {
        Bounds.checkMap(field + ".driver_options", request.driverOptions(), violations);
        Optional<InterfaceName> name = Optional.empty();
        for (Map.Entry<String, String> option : request.driverOptions().entrySet()) {
            String at = "driver_options[" + shown(option.getKey()) + "]";
            String value = option.getValue();
            switch (option.getKey()) {
                case NetworkOptions.ENDPOINT_INTERFACE -> name = interfaceName(at, value, network);
                case SYSCTLS -> checkSysctls(at, value, network);
                default -> {
                    if (option.getKey().startsWith("com.docker.network.")
                            || option.getKey().startsWith("dev.weft.")) {
                        add(at, Reason.UNKNOWN_OPTION, "unknown endpoint option " + shown(option.getKey()));
                    }
                }
            }
        }
        return name;
    }

    private Optional<InterfaceName> interfaceName(String at, String value, Network network) {
        if (!network.driver().hasAddresses()) {
            add(
                    at,
                    Reason.INCOMPATIBLE_NETWORK,
                    "an interface name has no meaning on a network of driver " + network.driver());
            return Optional.empty();
        }
        if (value.equals("lo")) {
            add(at, Reason.RESERVED, "the name lo is the loopback interface's");
            return Optional.empty();
        }
        try {
            return Optional.of(new InterfaceName(value));
        } catch (IllegalArgumentException e) {
            add(
                    at,
                    Reason.MALFORMED,
                    "invalid interface name '" + shown(value) + "': it should be 1 to " + InterfaceName.MAX_LENGTH
                            + " printable characters without '/', ':', '%' or quotes");
            return Optional.empty();
        }
    }

    private void checkSysctls(String at, String value, Network network) {
        for (String sysctl : value.split(",", -1)) {
            if (!SYSCTL.matcher(sysctl).matches()) {
                add(
                        at,
                        Reason.MALFORMED,
                        "unrecognised network interface sysctl '" + shown(sysctl)
                                + "'; represent 'net.X.Y.ethN.Z=V' as 'net.X.Y.IFNAME.Z=V', 'X' must be 'ipv4', 'ipv6' or 'mpls'");
                return;
            }
        }
        if (!network.driver().hasAddresses()) {
            add(
                    at,
                    Reason.INCOMPATIBLE_NETWORK,
                    "settings of an interface have no meaning on a network of driver " + network.driver());
        }
    }

    /** Docker's word for every network but those that exist from the start. */
    private static boolean isUserDefined(Network network) {
        return !network.has(Network.Trait.PREDEFINED)
                && network.driver() != Driver.HOST
                && network.driver() != Driver.NULL;
    }

    private void add(String subfield, Reason reason, String message) {
        violations.add(field + "." + subfield, reason, message);
    }
}
