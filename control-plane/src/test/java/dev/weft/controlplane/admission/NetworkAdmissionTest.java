package dev.weft.controlplane.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weft.controlplane.admission.NetworkRequest.RequestedScope;
import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.ipam.SubnetWish;
import dev.weft.controlplane.ipam.VniWish;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Network.Trait;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Vni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkAdmissionTest {

    private static final NodeName H1 = new NodeName("h1");
    private static final NodeName H2 = new NodeName("h2");
    private static final String OPTION = "com.docker.network.";

    /** A request under construction: everything left to the server but what a test is about. */
    private static final class Request {
        private String name = "net";
        private String driver = "";
        private String node = "";
        private RequestedScope scope = RequestedScope.UNSET;
        private Choice ipv4 = Choice.UNSET;
        private Choice ipv6 = Choice.UNSET;
        private final List<SubnetRequest> subnets = new ArrayList<>();
        private String ipamDriver = "";
        private final Map<String, String> ipamOptions = new TreeMap<>();
        private Set<Trait> traits = Set.of();
        private final Map<String, String> options = new TreeMap<>();
        private final Map<String, String> labels = new TreeMap<>();

        Request name(String value) {
            name = value;
            return this;
        }

        Request driver(String value) {
            driver = value;
            return this;
        }

        Request node(String value) {
            node = value;
            return this;
        }

        Request scope(RequestedScope value) {
            scope = value;
            return this;
        }

        Request families(Choice v4, Choice v6) {
            ipv4 = v4;
            ipv6 = v6;
            return this;
        }

        Request subnet(String cidr) {
            return subnet(cidr, "", "", Map.of());
        }

        Request subnet(String cidr, String range, String gateway) {
            return subnet(cidr, range, gateway, Map.of());
        }

        Request subnet(String cidr, String range, String gateway, Map<String, String> aux) {
            subnets.add(new SubnetRequest(cidr, range, gateway, aux));
            return this;
        }

        Request ipam(String value) {
            ipamDriver = value;
            return this;
        }

        Request ipamOption(String key, String value) {
            ipamOptions.put(key, value);
            return this;
        }

        Request internal() {
            traits = Set.of(Trait.INTERNAL);
            return this;
        }

        Request option(String key, String value) {
            options.put(key, value);
            return this;
        }

        Request label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        NetworkRequest build() {
            return new NetworkRequest(
                    name, driver, node, scope, ipv4, ipv6, subnets, ipamDriver, ipamOptions, traits, options, labels);
        }
    }

    private static Request request() {
        return new Request();
    }

    private static Request overlay() {
        return request().driver("overlay");
    }

    private static NetworkFacts facts(Network... networks) {
        return new NetworkFacts(Optional.of(H1), RegisteredNodes.of(Set.of(H1, H2)), List.of(networks));
    }

    private static List<Violation> violations(Request request, NetworkFacts facts) {
        return switch (NetworkAdmission.admit(request.build(), facts)) {
            case Admission.Admitted<AdmittedNetwork> _ -> List.of();
            case Admission.Rejected<AdmittedNetwork>(List<Violation> violations) -> violations;
        };
    }

    private static AdmittedNetwork admitted(Request request) {
        assertThat(violations(request, facts())).isEmpty();
        return ((Admission.Admitted<AdmittedNetwork>) NetworkAdmission.admit(request.build(), facts())).value();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                // Names.
                refused(request().name(""), "name", Reason.REQUIRED, "invalid name: name is empty"),
                refused(request().name("-a"), "name", Reason.MALFORMED, "only [a-zA-Z0-9][a-zA-Z0-9_.-]* is allowed"),
                refused(request().name("a/b"), "name", Reason.MALFORMED, "invalid name 'a/b'"),
                refused(request().name("a b"), "name", Reason.MALFORMED, "invalid name 'a b'"),
                refused(request().name("네트워크"), "name", Reason.MALFORMED, "invalid name '네트워크'"),
                refused(request().name("a\u001b[31m"), "name", Reason.MALFORMED, "invalid name 'a?[31m'"),
                refused(request().name("a".repeat(129)), "name", Reason.TOO_LONG, "at most 128 characters"),
                refused(request().name("0123456789abcdef".repeat(4)), "name", Reason.RESERVED, "are an id"),
                refused(
                        request().name("bridge"),
                        "name",
                        Reason.PREDEFINED_NETWORK,
                        "operation is not permitted on predefined bridge network"),
                refused(request().name("host"), "name", Reason.PREDEFINED_NETWORK, "predefined host network"),
                refused(request().name("none"), "name", Reason.PREDEFINED_NETWORK, "predefined none network"),
                refused(request().name("default"), "name", Reason.PREDEFINED_NETWORK, "predefined default network"),
                // Drivers.
                refused(request().driver("nosuch"), "driver", Reason.UNKNOWN_DRIVER, "plugin \"nosuch\" not found"),
                refused(request().driver("Bridge"), "driver", Reason.UNKNOWN_DRIVER, "plugin \"Bridge\" not found"),
                refused(
                        request().driver("host"),
                        "driver",
                        Reason.PREDEFINED_NETWORK,
                        "only one instance of \"host\" network is allowed"),
                refused(
                        request().driver("null"),
                        "driver",
                        Reason.PREDEFINED_NETWORK,
                        "only one instance of \"null\" network is allowed"),
                // Where it lives.
                refused(
                        overlay().scope(RequestedScope.LOCAL),
                        "scope",
                        Reason.CONFLICT,
                        "cannot downgrade network scope for overlay networks"),
                refused(request().scope(RequestedScope.GLOBAL), "scope", Reason.CONFLICT, "lives on one node"),
                refused(overlay().node("h1"), "node", Reason.CONFLICT, "spans the nodes"),
                refused(request().node("h3"), "node", Reason.NODE_NOT_FOUND, "the nodes are: h1, h2"),
                refused(request().node("H 1"), "node", Reason.MALFORMED, "invalid node name 'H 1'"),
                // Families.
                refused(
                        request().families(Choice.OFF, Choice.UNSET),
                        "enable_ipv4",
                        Reason.CONFLICT,
                        "IPv4 or IPv6 must be enabled"),
                refused(
                        request().subnet("fd00:1::/64"),
                        "subnets[0].cidr",
                        Reason.CONFLICT,
                        "an IPv6 subnet needs IPv6 enabled: set enable_ipv6"),
                refused(
                        request().families(Choice.OFF, Choice.ON).subnet("10.1.0.0/24"),
                        "subnets[0].cidr",
                        Reason.CONFLICT,
                        "an IPv4 subnet needs IPv4 enabled"),
                refused(
                        request().option(OPTION + "enable_ipv6", "maybe"),
                        "options[com.docker.network.enable_ipv6]",
                        Reason.MALFORMED,
                        "driver-opt \"com.docker.network.enable_ipv6\" is not a valid bool"),
                // Subnets.
                refused(request().subnet("garbage"), "subnets[0].cidr", Reason.MALFORMED, "invalid subnet garbage"),
                refused(request().subnet("10.1.0.0"), "subnets[0].cidr", Reason.MALFORMED, "such as 10.1.0.0/24"),
                refused(request().subnet("10.1.0.0/33"), "subnets[0].cidr", Reason.MALFORMED, "10.1.0.0/33"),
                refused(request().subnet("10.1.0/24"), "subnets[0].cidr", Reason.MALFORMED, "10.1.0/24"),
                refused(request().subnet("10.1.0.0/-1"), "subnets[0].cidr", Reason.MALFORMED, "10.1.0.0/-1"),
                refused(
                        request().subnet("10.51.0.5/24"),
                        "subnets[0].cidr",
                        Reason.MALFORMED,
                        "invalid subnet 10.51.0.5/24: it should be 10.51.0.0/24"),
                refused(
                        request().subnet("224.1.0.0/24"),
                        "subnets[0].cidr",
                        Reason.RESERVED,
                        "multicast subnet '224.1.0.0/24' is not allowed"),
                refused(request().subnet("127.5.0.0/16"), "subnets[0].cidr", Reason.RESERVED, "loopback subnet"),
                refused(request().subnet("169.254.1.0/24"), "subnets[0].cidr", Reason.RESERVED, "Link-Local prefix"),
                refused(request().subnet("0.1.0.0/16"), "subnets[0].cidr", Reason.RESERVED, "this network"),
                refused(request().subnet("240.0.0.0/8"), "subnets[0].cidr", Reason.RESERVED, "reserved subnet"),
                refused(request().subnet("128.0.0.0/1"), "subnets[0].cidr", Reason.RESERVED, "'128.0.0.0/1'"),
                refused(request().subnet("10.1.0.1/32"), "subnets[0].cidr", Reason.OUT_OF_RANGE, "leaves none"),
                refused(
                        dual().subnet("fe80::/64"),
                        "subnets[0].cidr",
                        Reason.RESERVED,
                        "'fe80::/64' clashes with the Link-Local prefix 'fe80::/64'"),
                refused(
                        dual().subnet("ff05::/64"),
                        "subnets[0].cidr",
                        Reason.RESERVED,
                        "multicast subnet 'ff05::/64' is not allowed"),
                refused(dual().subnet("::1/128"), "subnets[0].cidr", Reason.RESERVED, "loopback subnet"),
                refused(
                        request().subnet("10.1.0.0/24").subnet("10.2.0.0/24"),
                        "subnets[1].cidr",
                        Reason.CONFLICT,
                        "bridge driver doesn't support multiple subnets"),
                refused(
                        dual().subnet("fd00:1::/64").subnet("fd00:2::/64"),
                        "subnets[1].cidr",
                        Reason.CONFLICT,
                        "bridge driver doesn't support multiple subnets"),
                refused(
                        overlay().subnet("10.1.0.0/16").subnet("10.1.5.0/24"),
                        "subnets[1].cidr",
                        Reason.CONFLICT,
                        "multiple overlapping subnet configuration is not supported"),
                refused(manySubnets(), "subnets", Reason.TOO_MANY, "at most 16"),
                // Ranges.
                refused(
                        request().subnet("10.1.0.0/24", "10.0.0.0/8", ""),
                        "subnets[0].ip_range",
                        Reason.OUT_OF_RANGE,
                        "invalid ip-range 10.0.0.0/8: CIDR block is bigger than its parent subnet 10.1.0.0/24"),
                refused(
                        request().subnet("10.1.0.0/24", "10.1.0.129/25", ""),
                        "subnets[0].ip_range",
                        Reason.MALFORMED,
                        "invalid ip-range 10.1.0.129/25: it should be 10.1.0.128/25"),
                refused(
                        request().subnet("10.1.0.0/24", "10.2.0.0/25", ""),
                        "subnets[0].ip_range",
                        Reason.OUT_OF_RANGE,
                        "parent subnet 10.1.0.0/24 doesn't contain ip-range"),
                refused(
                        request().subnet("10.1.0.0/24", "fd00::/120", ""),
                        "subnets[0].ip_range",
                        Reason.OUT_OF_RANGE,
                        "invalid ip-range fd00::/120: parent subnet is an IPv4 block"),
                refused(
                        request().subnet("10.1.0.0/24", "x", ""),
                        "subnets[0].ip_range",
                        Reason.MALFORMED,
                        "ip-range x"),
                // Gateways.
                refused(
                        request().subnet("10.52.0.0/24", "", "10.53.0.1"),
                        "subnets[0].gateway",
                        Reason.OUT_OF_RANGE,
                        "invalid gateway 10.53.0.1: parent subnet 10.52.0.0/24 doesn't contain this address"),
                refused(
                        request().subnet("10.52.0.0/24", "", "fd00::1"),
                        "subnets[0].gateway",
                        Reason.OUT_OF_RANGE,
                        "doesn't contain this address"),
                refused(
                        request().subnet("10.52.0.0/24", "", "10.52.0.0"),
                        "subnets[0].gateway",
                        Reason.RESERVED,
                        "is the network address"),
                refused(
                        request().subnet("10.52.0.0/24", "", "10.52.0.255"),
                        "subnets[0].gateway",
                        Reason.RESERVED,
                        "is the broadcast address"),
                refused(
                        request().subnet("10.52.0.0/24", "", "10.52.0.1/24"),
                        "subnets[0].gateway",
                        Reason.MALFORMED,
                        "10.52.0.1/24 is not an IP address"),
                refused(
                        request().internal().subnet("10.1.0.0/24", "", "10.1.0.1"),
                        "subnets[0].gateway",
                        Reason.CONFLICT,
                        "no gateway can be set on an internal bridge network"),
                // Auxiliary addresses.
                refused(
                        request().subnet("10.1.0.0/24", "", "", Map.of("r", "10.2.0.1")),
                        "subnets[0].aux_addresses[r]",
                        Reason.OUT_OF_RANGE,
                        "invalid auxiliary address r: parent subnet 10.1.0.0/24 doesn't contain this address"),
                refused(
                        request().subnet("10.1.0.0/24", "", "", Map.of("r", "zzz")),
                        "subnets[0].aux_addresses[r]",
                        Reason.MALFORMED,
                        "zzz is not an IP address"),
                refused(
                        request().subnet("10.1.0.0/24", "", "10.1.0.9", Map.of("r", "10.1.0.9")),
                        "subnets[0].aux_addresses[r]",
                        Reason.ADDRESS_IN_USE,
                        "Address already in use: 10.1.0.9 is the gateway"),
                refused(
                        request().subnet("10.1.0.0/24", "", "", Map.of("a", "10.1.0.9", "b", "10.1.0.9")),
                        "subnets[0].aux_addresses[b]",
                        Reason.ADDRESS_IN_USE,
                        "10.1.0.9 is auxiliary address a"),
                refused(
                        request().subnet("10.1.0.0/24", "", "", Map.of("DefaultGatewayIPv4", "10.2.0.9")),
                        "subnets[0].aux_addresses[DefaultGatewayIPv4]",
                        Reason.OUT_OF_RANGE,
                        "doesn't contain this address"),
                refused(
                        request().subnet("10.1.0.0/24", "", "10.1.0.9", Map.of("DefaultGatewayIPv4", "10.1.0.9")),
                        "subnets[0].aux_addresses[DefaultGatewayIPv4]",
                        Reason.ADDRESS_IN_USE,
                        "is the gateway"),
                refused(
                        request().subnet("10.1.0.0/24", "", "", Map.of("DefaultGatewayIPv6", "10.1.0.9")),
                        "subnets[0].aux_addresses[DefaultGatewayIPv6]",
                        Reason.CONFLICT,
                        "a default gateway of IPv6 is in no IPv4 subnet"),
                refused(
                        overlay().subnet("10.1.0.0/24", "", "", Map.of("DefaultGatewayIPv4", "10.1.0.9")),
                        "subnets[0].aux_addresses[DefaultGatewayIPv4]",
                        Reason.CONFLICT,
                        "nobody else is on the wire"),
                refused(
                        request()
                                .driver("macvlan")
                                .subnet("10.1.0.0/24", "", "", Map.of("DefaultGatewayIPv4", "10.1.0.9")),
                        "subnets[0].aux_addresses[DefaultGatewayIPv4]",
                        Reason.CONFLICT,
                        "give it as the gateway"),
                refused(
                        request().internal().subnet("10.1.0.0/24", "", "", Map.of("DefaultGatewayIPv4", "10.1.0.9")),
                        "subnets[0].aux_addresses[DefaultGatewayIPv4]",
                        Reason.CONFLICT,
                        "no gateway can be set on an internal bridge network"),
                refused(request().subnet("10.1.0.0/24", "", "", manyAux()), "subnets", Reason.TOO_MANY, "at most 32"),
                // A part of a subnet without the subnet.
                refused(
                        request().subnet("", "", "10.1.0.1"),
                        "subnets[0].gateway",
                        Reason.CONFLICT,
                        "no matching subnet for gateway 10.1.0.1: every ip-range or gateway must have a corresponding subnet"),
                refused(
                        request().subnet("", "10.1.0.0/25", ""),
                        "subnets[0].ip_range",
                        Reason.CONFLICT,
                        "no matching subnet for range 10.1.0.0/25"),
                refused(
                        request().subnet("0.0.0.0/24", "", "", Map.of("r", "10.1.0.9")),
                        "subnets[0].aux_addresses[r]",
                        Reason.CONFLICT,
                        "no matching subnet for aux-address 10.1.0.9"),
                // IPAM drivers and options.
                refused(request().ipam("dhcp"), "ipam_driver", Reason.UNKNOWN_DRIVER, "plugin \"dhcp\" not found"),
                refused(
                        request().ipamOption(OPTION + "ipam.serial", "perhaps"),
                        "ipam_options[com.docker.network.ipam.serial]",
                        Reason.MALFORMED,
                        "it should be a bool"),
                refused(
                        request().ipamOption(OPTION + "ipam.other", "x"),
                        "ipam_options[com.docker.network.ipam.other]",
                        Reason.UNKNOWN_OPTION,
                        "unknown IPAM option"),
                // Driver options.
                refusedOption(
                        request(),
                        "bridge.enable_icc",
                        "foo",
                        Reason.MALFORMED,
                        "failed to parse "
                                + OPTION
                                + "bridge.enable_icc value: foo (strconv.ParseBool: parsing \"foo\": invalid syntax)"),
                refusedOption(request(), "bridge.enable_ip_masquerade", "yes", Reason.MALFORMED, "strconv.ParseBool"),
                refusedOption(request(), "bridge.inhibit_ipv4", "perhaps", Reason.MALFORMED, "strconv.ParseBool"),
                refusedOption(request(), "bridge.default_bridge", "true", Reason.PREDEFINED_NETWORK, "from the start"),
                refusedOption(request(), "bridge.name", "a/b", Reason.MALFORMED, "invalid bridge name 'a/b'"),
                refusedOption(request(), "bridge.name", "sixteencharacters", Reason.MALFORMED, "1 to 15"),
                refusedOption(request(), "bridge.name", "", Reason.MALFORMED, "1 to 15"),
                refusedOption(request(), "bridge.name", "lo", Reason.RESERVED, "loopback"),
                refusedOption(
                        request(),
                        "bridge.gateway_mode_ipv4",
                        "foo",
                        Reason.MALFORMED,
                        "failed to parse com.docker.network.bridge.gateway_mode_ipv4 value: foo (unknown gateway mode foo)"),
                refusedOption(
                        request(),
                        "bridge.gateway_mode_ipv4",
                        "isolated",
                        Reason.CONFLICT,
                        "gateway mode 'isolated' can only be used for an internal network"),
                refusedOption(request(), "bridge.host_binding_ipv4", "::1", Reason.UNSUPPORTED, "publish on 127.0.0.1"),
                refusedOption(request(), "bridge.host_binding_ipv4", "224.0.0.1", Reason.OUT_OF_RANGE, "unicast"),
                refusedOption(request(), "bridge.host_binding_ipv4", "169.254.0.1", Reason.OUT_OF_RANGE, "unicast"),
                refusedOption(
                        request(),
                        "bridge.host_binding_ipv4",
                        "fd99::1",
                        Reason.CONFLICT,
                        "ports on fd99::1 lead to IPv6 addresses, and this network has none"),
                refusedOption(
                        request(), "bridge.host_binding_ipv6", "fd99::1", Reason.UNKNOWN_OPTION, "unknown option"),
                refusedOption(
                        overlay(), "bridge.host_binding_ipv4", "127.0.0.1", Reason.UNKNOWN_OPTION, "does not apply"),
                refusedOption(request(), "bridge.host_binding_ipv4", "x", Reason.MALFORMED, "invalid IP address"),
                refusedOption(
                        request(),
                        "bridge.trusted_host_interfaces",
                        "eth0:",
                        Reason.MALFORMED,
                        "(invalid interface name '')"),
                refusedOption(request(), "host_ipv4", "x", Reason.MALFORMED, "invalid IP address"),
                refusedOption(request(), "host_ipv4", "0.0.0.0", Reason.OUT_OF_RANGE, "a unicast address"),
                refusedOption(request(), "host_ipv4", "127.0.0.1", Reason.OUT_OF_RANGE, "a unicast address"),
                refusedOption(request(), "host_ipv6", "fe80::1", Reason.OUT_OF_RANGE, "a unicast address"),
                refusedOption(request(), "host_ipv6", "ff02::1", Reason.OUT_OF_RANGE, "a unicast address"),
                refusedOption(overlay(), "host_ipv4", "192.0.2.1", Reason.UNKNOWN_OPTION, "does not apply"),
                refusedOption(request(), "host_ipv6", "192.0.2.1", Reason.MALFORMED, "not an IPv6 address"),
                refusedOption(request(), "advertise_addr_nmsgs", "4", Reason.MALFORMED, "it should be 0 to 3"),
                refusedOption(
                        request(), "advertise_addr_ms", "100", Reason.UNSUPPORTED, "MAC follows from its address"),
                refusedOption(request(), "driver.mtu", "-1", Reason.OUT_OF_RANGE, "invalid MTU number: -1"),
                refusedOption(request(), "driver.mtu", "1500x", Reason.MALFORMED, "not a number"),
                refusedOption(request(), "driver.mtu", "99999", Reason.OUT_OF_RANGE, "68 to 65535"),
                refusedOption(request(), "driver.mtu", "67", Reason.OUT_OF_RANGE, "68 to 65535"),
                refusedOption(overlay(), "driver.mtu", "100", Reason.OUT_OF_RANGE, "needs at least 138"),
                refusedOption(dual(), "driver.mtu", "1279", Reason.OUT_OF_RANGE, "needs at least 1280"),
                refusedOption(request(), "container_iface_prefix", "a b", Reason.MALFORMED, "prefix 'a b'"),
                refusedOption(
                        request(), "container_iface_prefix", "thirteenchars", Reason.TOO_LONG, "room for a number"),
                refusedOption(request(), "bridge.nosuch", "x", Reason.UNKNOWN_OPTION, "unknown option"),
                refusedOption(
                        overlay(), "bridge.name", "br1", Reason.UNKNOWN_OPTION, "does not apply to driver overlay"),
                refusedOption(
                        request(),
                        "driver.overlay.vxlanid_list",
                        "5",
                        Reason.UNKNOWN_OPTION,
                        "does not apply to driver bridge"),
                refused(
                        request().option("dev.weft.nosuch", ""),
                        "options[dev.weft.nosuch]",
                        Reason.UNKNOWN_OPTION,
                        "unknown option dev.weft.nosuch"),
                refused(overlay().option("dsr", ""), "options[dsr]", Reason.UNSUPPORTED, "no load balancer"),
                refused(
                        overlay().option("encrypted", "false"),
                        "options[encrypted]",
                        Reason.UNSUPPORTED,
                        "encrypted overlay networks are not built: encrypt the underlay"),
                refusedOption(overlay(), "driver.overlay.vxlanid_list", "x", Reason.MALFORMED, "invalid vxlan id x"),
                refusedOption(overlay(), "driver.overlay.vxlanid_list", "", Reason.MALFORMED, "invalid vxlan id"),
                refusedOption(overlay(), "driver.overlay.vxlanid_list", "0", Reason.MALFORMED, "from 1 to 16777215"),
                refusedOption(
                        overlay(), "driver.overlay.vxlanid_list", "16777216", Reason.MALFORMED, "from 1 to 16777215"),
                refusedOption(overlay(), "driver.overlay.vxlanid_list", "7,7", Reason.CONFLICT, "twice"),
                refusedOption(overlay(), "driver.overlay.vxlanid_list", "7,8", Reason.OUT_OF_RANGE, "one for each"),
                refusedOption(
                        overlay().subnet("10.1.0.0/24").subnet("10.2.0.0/24"),
                        "driver.overlay.vxlanid_list",
                        "7",
                        Reason.OUT_OF_RANGE,
                        "insufficient vnis(1) passed to overlay"),
                // Bounds.
                refused(
                        request().label("k".repeat(257), ""),
                        "labels[" + "k".repeat(80) + "…]",
                        Reason.TOO_LONG,
                        "at most 256"),
                refused(request().label("", "v"), "labels[]", Reason.REQUIRED, "a key is empty"),
                refused(request().label("k", "a\u0007b"), "labels[k]", Reason.MALFORMED, "control characters"),
                refused(request().label("k", "v".repeat(70_000)), "labels", Reason.TOO_LONG, "at most 65536"),
                refused(manyLabels(), "labels", Reason.TOO_MANY, "at most 128"),
                refused(request().option("x", "v".repeat(70_000)), "options", Reason.TOO_LONG, "at most 65536"));
    }

    private static Request dual() {
        return request().families(Choice.UNSET, Choice.ON);
    }

    private static Request manySubnets() {
        Request request = overlay();
        for (int i = 0; i < 17; i++) {
            request.subnet("10." + i + ".0.0/24");
        }
        return request;
    }

    private static Request manyLabels() {
        Request request = request();
        for (int i = 0; i < 129; i++) {
            request.label("k" + i, "");
        }
        return request;
    }

    private static Map<String, String> manyAux() {
        Map<String, String> aux = new TreeMap<>();
        for (int i = 0; i < 33; i++) {
            aux.put("a" + i, "10.1.0." + (10 + i));
        }
        return aux;
    }

    private static Arguments refused(Request request, String field, Reason reason, String message) {
        return arguments(request.build(), field, reason, message);
    }

    private static Arguments refusedOption(Request request, String key, String value, Reason reason, String message) {
        return refused(request.option(OPTION + key, value), "options[" + OPTION + key + "]", reason, message);
    }

    @ParameterizedTest(name = "{1} {2}: {3}")
    @MethodSource("refusals")
    void oneWrongThingIsOneViolation(NetworkRequest request, String field, Reason reason, String message) {
        assertThat(NetworkAdmission.admit(request, facts()))
                .isInstanceOfSatisfying(
                        Admission.Rejected.class,
                        rejected -> assertThat(((Admission.Rejected<?>) rejected).violations())
                                .singleElement()
                                .satisfies(violation -> {
                                    assertThat(violation.field()).isEqualTo(field);
                                    assertThat(violation.reason()).isEqualTo(reason);
                                    assertThat(violation.message()).contains(message);
                                    assertThat(violation.message().chars()).noneMatch(Character::isISOControl);
                                }));
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        Request request = request()
                .name("a b")
                .driver("nosuch")
                .node("h9")
                .subnet("10.51.0.5/24", "10.52.0.0/25", "10.53.0.1", Map.of("r", "10.54.0.1"))
                .ipam("other")
                .label("", "")
                .internal();
        assertThat(violations(request, facts()).stream().map(Violation::field))
                .containsExactly(
                        "name",
                        "driver",
                        "node",
                        "subnets[0].cidr",
                        "subnets[0].ip_range",
                        "subnets[0].gateway",
                        "subnets[0].aux_addresses[r]",
                        "subnets[0].gateway",
                        "ipam_driver",
                        "labels[]");
    }

    @Test
    void aPlainRequestIsABridgeOnTheNodeThatItComesThrough() {
        AdmittedNetwork network = admitted(request());
        assertThat(network.driver()).isEqualTo(Driver.BRIDGE);
        assertThat(network.scope()).isEqualTo(new Scope.Local(H1));
        assertThat(network.families()).containsExactly(IpFamily.IPV4);
        assertThat(network.subnets()).containsExactly(new SubnetWish.Automatic(IpFamily.IPV4));
        assertThat(network.vnis()).isEqualTo(new VniWish.None());
        assertThat(network.ipamDriver()).isEqualTo("default");
    }

    @Test
    void aWholeSubnetIsAdmittedAsGiven() {
        AdmittedNetwork network = admitted(
                dual().subnet("192.168.100.0/24", "192.168.100.128/25", "192.168.100.254", Map.of("r", "192.168.100.9"))
                        .subnet("fd00:1::/64"));
        assertThat(network.subnets())
                .containsExactly(
                        new SubnetWish.Explicit(
                                Cidr.parse("192.168.100.0/24"),
                                Cidr.parse("192.168.100.128/25"),
                                Optional.of(IpAddress.parse("192.168.100.254")),
                                Map.of("r", IpAddress.parse("192.168.100.9"))),
                        new SubnetWish.Explicit(
                                Cidr.parse("fd00:1::/64"), Cidr.parse("fd00:1::/64"), Optional.empty(), Map.of()));
    }

    @Test
    void familiesWithoutSubnetGetOne() {
        assertThat(admitted(dual().subnet("10.1.0.0/24")).subnets())
                .hasSize(2)
                .endsWith(new SubnetWish.Automatic(IpFamily.IPV6));
        assertThat(admitted(dual()).subnets())
                .containsExactly(new SubnetWish.Automatic(IpFamily.IPV4), new SubnetWish.Automatic(IpFamily.IPV6));
        assertThat(admitted(request().families(Choice.OFF, Choice.ON)).subnets())
                .containsExactly(new SubnetWish.Automatic(IpFamily.IPV6));
        assertThat(admitted(request().subnet("")).subnets()).containsExactly(new SubnetWish.Automatic(IpFamily.IPV4));
    }

    @Test
    void familySwitchesMayComeAsOptions() {
        assertThat(admitted(request().option(OPTION + "enable_ipv6", "true")).families())
                .containsExactlyInAnyOrder(IpFamily.IPV4, IpFamily.IPV6);
        assertThat(admitted(request()
                                .families(Choice.ON, Choice.OFF)
                                .option(OPTION + "enable_ipv4", "0")
                                .option(OPTION + "enable_ipv6", "1"))
                        .families())
                .as("the flag wins")
                .containsExactly(IpFamily.IPV4);
    }

    @Test
    void unspecifiedAddressesAskForASize() {
        assertThat(admitted(dual().subnet("0.0.0.0/24").subnet("::/64")).subnets())
                .containsExactly(new SubnetWish.OfSize(IpFamily.IPV4, 24), new SubnetWish.OfSize(IpFamily.IPV6, 64));
    }

    @Test
    void twoAddressesAreASubnet() {
        assertThat(admitted(request().subnet("10.1.0.0/31", "", "10.1.0.0")).subnets())
                .hasSize(1);
        assertThat(admitted(dual().subnet("fd00::/127")).subnets()).hasSize(2);
    }

    @Test
    void overlaysTakeSeveralSubnetsAndIdentifiers() {
        AdmittedNetwork network = admitted(overlay()
                .subnet("10.1.0.0/24")
                .subnet("10.2.0.0/24")
                .option(OPTION + "driver.overlay.vxlanid_list", "5000, 5001"));
        assertThat(network.scope()).isEqualTo(new Scope.Global());
        assertThat(network.vnis()).isEqualTo(new VniWish.Explicit(List.of(new Vni(5000), new Vni(5001))));
        assertThat(admitted(overlay()).vnis()).isEqualTo(new VniWish.Automatic());
        assertThat(admitted(overlay().internal().subnet("10.1.0.0/24", "", "10.1.0.1"))
                        .traits())
                .containsExactly(Trait.INTERNAL);
    }

    @Test
    void optionsOfOthersAreStoredAndIgnored() {
        Request request = request()
                .option("foo", "bar")
                .option("parent", "eth0")
                .option("encrypted", "")
                .option(OPTION + "bridge.name", "br-mine")
                .option(OPTION + "bridge.enable_icc", "FALSE")
                .option(OPTION + "bridge.enable_ip_masquerade", "t")
                .option(OPTION + "bridge.inhibit_ipv4", "false")
                .option(OPTION + "bridge.default_bridge", "false")
                .option(OPTION + "bridge.gateway_mode_ipv4", "nat")
                .option(OPTION + "bridge.host_binding_ipv4", "0.0.0.0")
                .option(OPTION + "driver.mtu", "1400")
                .option(OPTION + "container_iface_prefix", "net")
                .ipamOption("foo", "bar")
                .ipamOption(OPTION + "ipam.serial", "false")
                .label("com.example.team", "web\nand more");
        assertThat(admitted(request).options()).hasSize(12).containsEntry("foo", "bar");
        assertThat(admitted(request().option(OPTION + "driver.mtu", "0")).options())
                .hasSize(1);
    }

    @Test
    void gatewayModesAreKnown() {
        assertThat(admitted(dual().option(OPTION + "bridge.gateway_mode_ipv4", "nat-unprotected")
                                .option(OPTION + "bridge.gateway_mode_ipv6", "routed")
                                .option(OPTION + "bridge.inhibit_ipv4", "true")
                                .option(OPTION + "bridge.trusted_host_interfaces", "eth0:eth1"))
                        .options())
                .hasSize(4);
        assertThat(admitted(request().internal().option(OPTION + "bridge.gateway_mode_ipv4", "isolated"))
                        .options())
                .hasSize(1);
    }

    @Test
    void namesAreFreeAmongWhatANodeSees() {
        Network local = Fixtures.bridge("h2", "a", "10.1.0.0/24");
        Network global = Fixtures.overlay("b", "10.2.0.0/24");
        NetworkFacts facts = facts(local, global);
        assertThat(violations(request().name("a"), facts)).isEmpty();
        assertThat(violations(request().name("a").node("h2"), facts))
                .containsExactly(
                        new Violation("name", Reason.NAME_IN_USE, "network with name a already exists on node h2"));
        assertThat(violations(overlay().name("a"), facts))
                .as("every node would see two")
                .extracting(Violation::reason)
                .containsExactly(Reason.NAME_IN_USE);
        assertThat(violations(request().name("b"), facts))
                .containsExactly(new Violation("name", Reason.NAME_IN_USE, "network with name b already exists"));
        assertThat(violations(overlay().name("b"), facts)).hasSize(1);
    }

    @Test
    void twoNetworksOfANodeCannotShareABridge() {
        Network named = Fixtures.bridge("h1", "a", Map.of(OPTION + "bridge.name", "br1"), Set.of(), "10.1.0.0/24");
        Network unnamed = Fixtures.bridge("h1", "b", "10.2.0.0/24");
        NetworkFacts facts = facts(named, unnamed);
        for (String taken : List.of("br1", "br-" + unnamed.id().shortId())) {
            assertThat(violations(request().option(OPTION + "bridge.name", taken), facts))
                    .singleElement()
                    .satisfies(violation -> {
                        assertThat(violation.reason()).isEqualTo(Reason.BRIDGE_NAME_IN_USE);
                        assertThat(violation.message()).endsWith("networks have same bridge name");
                    });
        }
        assertThat(violations(request().node("h2").option(OPTION + "bridge.name", "br1"), facts))
                .isEmpty();
    }

    @Test
    void theNodeMustBeClear() {
        NetworkFacts unclear = new NetworkFacts(Optional.empty(), RegisteredNodes.of(Set.of(H1, H2)), List.of());
        assertThat(violations(request(), unclear))
                .containsExactly(
                        new Violation("node", Reason.NODE_REQUIRED, "say which node is meant, one of: h1, h2"));
        assertThat(violations(overlay(), unclear)).isEmpty();
        assertThat(violations(request().node("h2"), unclear)).isEmpty();
        assertThat(violations(request(), new NetworkFacts(Optional.empty(), RegisteredNodes.of(Set.of(H2)), List.of())))
                .as("the only one is clear")
                .isEmpty();
        assertThat(violations(request(), new NetworkFacts(Optional.empty(), RegisteredNodes.of(Set.of()), List.of())))
                .extracting(Violation::message)
                .containsExactly("no node has registered yet: start a node daemon first");
        assertThat(violations(request(), new NetworkFacts(Optional.of(H1), RegisteredNodes.of(Set.of(H2)), List.of())))
                .extracting(Violation::reason)
                .containsExactly(Reason.NODE_NOT_FOUND);
    }

    /** Whatever users write, admission answers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/",
                "a/",
                "/24",
                "::",
                "::/",
                "1.2.3.4/",
                "1.2.3.4/24/24",
                "%",
                "fe80::1%eth0/64",
                "999.1.1.1/24",
                "1.2.3.4/99999999999",
                "::ffff:10.0.0.0/120",
                "١٠.١.٠.٠/٢٤",
                "\u0000",
                "10.1.0.0/024"
            })
    void admissionIsTotal(String text) {
        Request request = dual().name(text)
                .driver(text)
                .node(text)
                .ipam(text)
                .subnet(text, text, text, Map.of(text, text))
                .subnet("10.1.0.0/24", text, text, Map.of(text, text))
                .option(text, text)
                .label(text, text)
                .ipamOption(text, text);
        List.of(
                        "bridge.name",
                        "driver.mtu",
                        "bridge.enable_icc",
                        "bridge.gateway_mode_ipv4",
                        "host_ipv4",
                        "container_iface_prefix",
                        "driver.overlay.vxlanid_list",
                        "advertise_addr_ms")
                .forEach(key -> request.option(OPTION + key, text));
        assertThat(violations(request, facts())).isNotEmpty();
        assertThat(violations(request.driver("overlay"), facts())).isNotEmpty();
        assertThat(Collections.unmodifiableList(violations(request, facts())))
                .allSatisfy(violation -> assertThat(violation.message().chars()).noneMatch(Character::isISOControl));
    }
}
