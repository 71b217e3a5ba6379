package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.SandboxFixtures.BRIDGE;
import static dev.weft.controlplane.admission.SandboxFixtures.DUAL;
import static dev.weft.controlplane.admission.SandboxFixtures.H1;
import static dev.weft.controlplane.admission.SandboxFixtures.H2;
import static dev.weft.controlplane.admission.SandboxFixtures.addressed;
import static dev.weft.controlplane.admission.SandboxFixtures.admitted;
import static dev.weft.controlplane.admission.SandboxFixtures.find;
import static dev.weft.controlplane.admission.SandboxFixtures.on;
import static dev.weft.controlplane.admission.SandboxFixtures.option;
import static dev.weft.controlplane.admission.SandboxFixtures.violations;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sandboxes with their endpoints, and endpoints of sandboxes that exist. */
final class SandboxAdmissionTest {

    private static final SandboxFacts FACTS = new SandboxFacts(
            Optional.of(H1), RegisteredNodes.of(Set.of(H1, H2)), Optional.empty(), (reference, _) -> find(reference));

    private static EndpointRequest mac(String network, String mac) {
        return new EndpointRequest(network, "", "", mac, List.of(), Map.of(), 0);
    }

    private static EndpointRequest aliased(String network, String... aliases) {
        return new EndpointRequest(network, "", "", "", List.of(aliases), Map.of(), 0);
    }

    private static EndpointRequest limited(String network, long ingress, long egress) {
        return new EndpointRequest(
                network,
                "",
                "",
                "",
                List.of(),
                Map.of(),
                0,
                List.of(),
                new BandwidthRequest(ingress, egress),
                Optional.empty(),
                List.of());
    }

    private static SandboxRequest request(EndpointRequest... endpoints) {
        return new SandboxRequest("c1", "", "", Map.of(), List.of(endpoints), "");
    }

    private static SandboxRequest request(String name, String node, String hostname, String path) {
        return new SandboxRequest(name, node, hostname, Map.of(), List.of(on("web")), path);
    }

    private static SandboxRequest retained(String network, Duration retention) {
        return request(new EndpointRequest(
                network,
                "",
                "",
                "",
                List.of(),
                Map.of(),
                0,
                List.of(),
                BandwidthRequest.UNLIMITED,
                Optional.of(retention),
                List.of()));
    }

    private static SandboxRequest linkLocal(String network, String... addresses) {
        return request(new EndpointRequest(
                network,
                "",
                "",
                "",
                List.of(),
                Map.of(),
                0,
                List.of(),
                BandwidthRequest.UNLIMITED,
                Optional.empty(),
                List.of(addresses)));
    }

    private static EndpointRequest[] many(int count) {
        return Stream.generate(() -> on("web")).limit(count).toArray(EndpointRequest[]::new);
    }

    static Stream<Arguments> refusals() {
        String ifname = "com.docker.network.endpoint.ifname";
        String sysctls = "com.docker.network.endpoint.sysctls";
        return Stream.of(
                arguments(request("-c", "", "", ""), "name", Reason.MALFORMED, "invalid name '-c'"),
                arguments(request("c".repeat(129), "", "", ""), "name", Reason.TOO_LONG, "at most 128"),
                arguments(request("f".repeat(64), "", "", ""), "name", Reason.RESERVED, "are an id"),
                arguments(
                        linkLocal("web", "169.254.1.2", "10.1.0.5"),
                        "endpoints[0].link_local_addresses[1]",
                        Reason.OUT_OF_RANGE,
                        "169.254.0.0/16 or fe80::/10"),
                arguments(
                        linkLocal("web", "169.254.1"),
                        "endpoints[0].link_local_addresses[0]",
                        Reason.MALFORMED,
                        "invalid link-local IP address: 169.254.1"),
                arguments(
                        linkLocal("web", "fe80::5"),
                        "endpoints[0].link_local_addresses[0]",
                        Reason.INCOMPATIBLE_NETWORK,
                        "network web has no IPv6"),
                arguments(
                        linkLocal("dual", "fe80::"),
                        "endpoints[0].link_local_addresses[0]",
                        Reason.RESERVED,
                        "no interface's"),
                arguments(
                        linkLocal("web", "169.254.0.9"),
                        "endpoints[0].link_local_addresses[0]",
                        Reason.RESERVED,
                        "RFC 3927"),
                arguments(
                        linkLocal("web", "169.254.255.1"),
                        "endpoints[0].link_local_addresses[0]",
                        Reason.RESERVED,
                        "RFC 3927"),
                arguments(
                        linkLocal("none", "169.254.1.1"),
                        "endpoints[0].link_local_addresses[0]",
                        Reason.INCOMPATIBLE_NETWORK,
                        "no meaning on a network of driver null"),
                arguments(
                        linkLocal("dual", "fe80::5", "169.254.1.1", "fe80::5"),
                        "endpoints[0].link_local_addresses[2]",
                        Reason.CONFLICT,
                        "fe80::5 is asked for twice"),
                arguments(
                        linkLocal(
                                "web",
                                Stream.generate(() -> "169.254.1.1").limit(17).toArray(String[]::new)),
                        "endpoints[0].link_local_addresses",
                        Reason.TOO_MANY,
                        "at most 16"),
                arguments(
                        retained("web", Duration.ZERO),
                        "endpoints[0].retain_ip",
                        Reason.OUT_OF_RANGE,
                        "1 second to 30"),
                arguments(
                        retained("web", Duration.ofDays(30).plusNanos(1)),
                        "endpoints[0].retain_ip",
                        Reason.OUT_OF_RANGE,
                        "1 second to 30 days"),
                arguments(
                        retained("none", Duration.ofHours(1)),
                        "endpoints[0].retain_ip",
                        Reason.INCOMPATIBLE_NETWORK,
                        "has no addresses that could be kept"),
                arguments(request("c", "h9", "", ""), "node", Reason.NODE_NOT_FOUND, "the nodes are: h1, h2"),
                arguments(request("c", "", "a_b", ""), "hostname", Reason.MALFORMED, "RFC 1123"),
                arguments(request("c", "", "a".repeat(65), ""), "hostname", Reason.TOO_LONG, "at most 64"),
                arguments(request("c", "", "", "run/x"), "netns_path", Reason.MALFORMED, "absolute"),
                arguments(request("c", "", "", "/run/../etc"), "netns_path", Reason.MALFORMED, "without '..'"),
                arguments(request("c", "", "", "/" + "a".repeat(4095)), "netns_path", Reason.TOO_LONG, "4095"),
                arguments(
                        request(limited("web", 7_999, 0)),
                        "endpoints[0].bandwidth.ingress_bits_per_second",
                        Reason.OUT_OF_RANGE,
                        "invalid rate 7999bit: it should be 8kbit to 100gbit"),
                arguments(
                        request(limited("bridge", 0, 100_000_000_001L)),
                        "endpoints[0].bandwidth.egress_bits_per_second",
                        Reason.OUT_OF_RANGE,
                        "8kbit to 100gbit"),
                arguments(
                        request(limited("host", 1_000_000, 0)),
                        "endpoints[0].bandwidth.ingress_bits_per_second",
                        Reason.INCOMPATIBLE_NETWORK,
                        "no meaning on a network of driver host"),
                arguments(
                        request(limited("none", 0, 1_000_000)),
                        "endpoints[0].bandwidth.egress_bits_per_second",
                        Reason.INCOMPATIBLE_NETWORK,
                        "no link of its own"),
                arguments(
                        request(limited("wire", 1_000_000, 1_000_000)),
                        "endpoints[0].bandwidth.ingress_bits_per_second",
                        Reason.INCOMPATIBLE_NETWORK,
                        "limit what goes out"),
                arguments(
                        request(on("nosuch")),
                        "endpoints[0].network",
                        Reason.NETWORK_NOT_FOUND,
                        "network nosuch not found"),
                arguments(
                        request(on("far")),
                        "endpoints[0].network",
                        Reason.INCOMPATIBLE_NETWORK,
                        "network far is local to node h2, the sandbox is on node h1"),
                arguments(
                        request(on("web"), on("dual"), on("web")),
                        "endpoints[2].network",
                        Reason.ALREADY_CONNECTED,
                        "already exists in network web"),
                arguments(
                        request(on("host"), on("web")),
                        "endpoints",
                        Reason.INCOMPATIBLE_NETWORK,
                        "container sharing network namespace with another container or host cannot be connected to any other network"),
                arguments(
                        request(on("web"), on("none")),
                        "endpoints",
                        Reason.INCOMPATIBLE_NETWORK,
                        "container cannot be connected to multiple networks with one of the networks in private (none) mode"),
                arguments(request(many(17)), "endpoints", Reason.TOO_MANY, "at most 16"),
                arguments(
                        new SandboxRequest("c", "", "", Map.of(), List.of(on("host")), "/run/netns/x"),
                        "netns_path",
                        Reason.CONFLICT,
                        "the host's namespace"),
                arguments(
                        request(addressed("bridge", "172.17.0.9", "")),
                        "endpoints[0].ipv4_address",
                        Reason.INCOMPATIBLE_NETWORK,
                        "user-specified IP address is supported on user-defined networks only"),
                arguments(
                        request(addressed("", "172.17.0.9", "")),
                        "endpoints[0].ipv4_address",
                        Reason.INCOMPATIBLE_NETWORK,
                        "user-defined networks only"),
                arguments(
                        request(addressed("host", "10.1.0.5", "")),
                        "endpoints[0].ipv4_address",
                        Reason.INCOMPATIBLE_NETWORK,
                        "user-defined networks only"),
                arguments(
                        request(addressed("web", "10.99.0.1", "")),
                        "endpoints[0].ipv4_address",
                        Reason.OUT_OF_RANGE,
                        "no configured subnet contains IP address 10.99.0.1"),
                arguments(
                        request(addressed("web", "169.254.1.1", "")),
                        "endpoints[0].ipv4_address",
                        Reason.OUT_OF_RANGE,
                        "no configured subnet contains IP address 169.254.1.1"),
                arguments(
                        request(addressed("web", "", "fd00:2::5")),
                        "endpoints[0].ipv6_address",
                        Reason.OUT_OF_RANGE,
                        "no configured subnet contains"),
                arguments(
                        request(addressed("dual", "fd00:2::5", "")),
                        "endpoints[0].ipv4_address",
                        Reason.MALFORMED,
                        "invalid IPv4 address: fd00:2::5"),
                arguments(
                        request(addressed("dual", "", "10.2.0.5")),
                        "endpoints[0].ipv6_address",
                        Reason.MALFORMED,
                        "invalid IPv6 address: 10.2.0.5"),
                arguments(
                        request(addressed("web", "zzz", "")),
                        "endpoints[0].ipv4_address",
                        Reason.MALFORMED,
                        "invalid IPv4 address: zzz"),
                arguments(
                        request(addressed("web", "10.1.0.5/24", "")),
                        "endpoints[0].ipv4_address",
                        Reason.MALFORMED,
                        "invalid IPv4 address"),
                arguments(
                        request(addressed("web", "10.1.0.0", "")),
                        "endpoints[0].ipv4_address",
                        Reason.RESERVED,
                        "is the network address"),
                arguments(
                        request(addressed("web", "10.1.0.255", "")),
                        "endpoints[0].ipv4_address",
                        Reason.RESERVED,
                        "is the broadcast address"),
                arguments(
                        request(addressed("dual", "", "fd00:2::")),
                        "endpoints[0].ipv6_address",
                        Reason.RESERVED,
                        "is the network address"),
                arguments(
                        request(addressed("web", "10.1.0.1", "")),
                        "endpoints[0].ipv4_address",
                        Reason.ADDRESS_IN_USE,
                        "Address already in use: 10.1.0.1 is the network's gateway"),
                arguments(
                        request(addressed("web", "10.1.0.9", "")),
                        "endpoints[0].ipv4_address",
                        Reason.ADDRESS_IN_USE,
                        "Address already in use"),
                arguments(
                        request(mac("web", "02:42:zz:00:00:01")),
                        "endpoints[0].mac_address",
                        Reason.MALFORMED,
                        "invalid MAC address"),
                arguments(
                        request(mac("web", "01:00:5e:00:00:01")),
                        "endpoints[0].mac_address",
                        Reason.RESERVED,
                        "group address"),
                arguments(
                        request(mac("web", "00:00:00:00:00:00")),
                        "endpoints[0].mac_address",
                        Reason.RESERVED,
                        "no interface's address"),
                arguments(
                        request(mac("none", "02:42:00:00:00:01")),
                        "endpoints[0].mac_address",
                        Reason.INCOMPATIBLE_NETWORK,
                        "no meaning"),
                arguments(
                        request(aliased("bridge", "db")),
                        "endpoints[0].aliases",
                        Reason.INCOMPATIBLE_NETWORK,
                        "network-scoped aliases are only supported for user-defined networks"),
                arguments(
                        request(aliased("web", "ok", "not ok")),
                        "endpoints[0].aliases[1]",
                        Reason.MALFORMED,
                        "invalid alias 'not ok'"),
                arguments(
                        request(option("web", ifname, "lo")),
                        "endpoints[0].driver_options[" + ifname + "]",
                        Reason.RESERVED,
                        "loopback"),
                arguments(
                        request(option("web", ifname, "a/b")),
                        "endpoints[0].driver_options[" + ifname + "]",
                        Reason.MALFORMED,
                        "invalid interface name"),
                arguments(
                        request(option("web", ifname, "eth7"), option("dual", ifname, "eth7")),
                        "endpoints[1].driver_options[" + ifname + "]",
                        Reason.CONFLICT,
                        "has an interface eth7 already"),
                arguments(
                        request(option("web", sysctls, "net.ipv4.conf.eth0.log_martians=1")),
                        "endpoints[0].driver_options[" + sysctls + "]",
                        Reason.MALFORMED,
                        "represent 'net.X.Y.ethN.Z=V' as 'net.X.Y.IFNAME.Z=V'"),
                arguments(
                        request(option("none", sysctls, "net.ipv4.conf.IFNAME.log_martians=1")),
                        "endpoints[0].driver_options[" + sysctls + "]",
                        Reason.INCOMPATIBLE_NETWORK,
                        "settings of an interface have no meaning"),
                arguments(
                        request(option("web", "com.docker.network.nosuch", "")),
                        "endpoints[0].driver_options[com.docker.network.nosuch]",
                        Reason.UNKNOWN_OPTION,
                        "unknown endpoint option"));
    }

    @ParameterizedTest(name = "{1} {2}: {3}")
    @MethodSource("refusals")
    void oneWrongThingIsOneViolation(SandboxRequest request, String field, Reason reason, String message) {
        List<Violation> violations = new ArrayList<>(violations(SandboxAdmission.admit(request, FACTS)));
        // Many endpoints on one network would be refused one by one as well, were they looked at.
        assertThat(violations).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(field);
            assertThat(violation.reason()).isEqualTo(reason);
            assertThat(violation.message()).contains(message);
        });
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        SandboxRequest request = new SandboxRequest(
                "c 1",
                "",
                "bad_host",
                Map.of("", ""),
                List.of(
                        new EndpointRequest("web", "10.9.0.1", "x", "y", List.of("a b"), Map.of("dev.weft.x", ""), 0),
                        on("nosuch")),
                "relative");
        assertThat(violations(SandboxAdmission.admit(request, FACTS)).stream().map(Violation::field))
                .containsExactly(
                        "name",
                        "hostname",
                        "labels[]",
                        "netns_path",
                        "endpoints[0].ipv4_address",
                        "endpoints[0].ipv6_address",
                        "endpoints[0].mac_address",
                        "endpoints[0].driver_options[dev.weft.x]",
                        "endpoints[0].aliases[0]",
                        "endpoints[1].network");
    }

    @Test
    void nothingAskedForIsTheDefaultBridge() {
        AdmittedSandbox sandbox =
                admitted(SandboxAdmission.admit(new SandboxRequest("", "", "", Map.of(), List.of(), ""), FACTS));
        assertThat(sandbox.name()).isEmpty();
        assertThat(sandbox.node()).isEqualTo(H1);
        assertThat(sandbox.mode()).isEqualTo(new Sandbox.Mode.Managed());
        assertThat(sandbox.endpoints()).extracting(AdmittedEndpoint::network).containsExactly(BRIDGE);
    }

    @Test
    void theModeFollowsFromTheRequest() {
        assertThat(admitted(SandboxAdmission.admit(request(on("host")), FACTS)).mode())
                .isEqualTo(new Sandbox.Mode.Host());
        assertThat(admitted(SandboxAdmission.admit(request(on("none")), FACTS)).mode())
                .isEqualTo(new Sandbox.Mode.Managed());
        assertThat(admitted(SandboxAdmission.admit(request("c", "", "host-1.example", "/run/netns/x"), FACTS))
                        .mode())
                .isEqualTo(new Sandbox.Mode.External("/run/netns/x"));
    }

    @Test
    void anEndpointIsAdmittedAsGiven() {
        EndpointRequest wish = new EndpointRequest(
                DUAL.id().value(),
                "10.2.0.77",
                "FD00:2:0::77",
                "02:42:0A:02:00:4D",
                List.of("db", "db", "_x.y"),
                Map.of("com.docker.network.endpoint.ifname", "net0", "foo", "bar"),
                -5);
        AdmittedEndpoint endpoint = admitted(SandboxAdmission.admit(request(wish), FACTS))
                .endpoints()
                .getFirst();
        assertThat(endpoint.network()).isEqualTo(DUAL);
        assertThat(endpoint.fixedAddresses())
                .isEqualTo(Map.of(
                        IpFamily.IPV4, IpAddress.parse("10.2.0.77"), IpFamily.IPV6, IpAddress.parse("fd00:2::77")));
        assertThat(endpoint.macAddress()).contains(MacAddress.parse("02:42:0a:02:00:4d"));
        assertThat(endpoint.interfaceName()).contains(new InterfaceName("net0"));
        assertThat(endpoint.aliases()).containsExactly("db", "_x.y");
        assertThat(endpoint.gatewayPriority()).isEqualTo(-5);
        assertThat(admitted(SandboxAdmission.admit(request(addressed("web", "10.1.0.77", "")), FACTS))
                        .endpoints())
                .as("outside the range that automatic choice keeps to")
                .hasSize(1);
    }

    @Test
    void aNameInUseIsRefused() {
        SandboxFacts taken = new SandboxFacts(
                Optional.of(H1),
                RegisteredNodes.of(Set.of(H1)),
                Optional.of(Fixtures.sandboxId("c1")),
                (reference, _) -> find(reference));
        assertThat(violations(SandboxAdmission.admit(request(on("web")), taken)))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.reason()).isEqualTo(Reason.NAME_IN_USE);
                    assertThat(violation.message()).contains("c1 is already in use by sandbox");
                });
    }

    @Test
    void withoutANodeNothingIsSaidOfEndpoints() {
        SandboxFacts unclear = new SandboxFacts(
                Optional.empty(), RegisteredNodes.of(Set.of(H1, H2)), Optional.empty(), (reference, _) -> {
                    throw new AssertionError("asked for " + reference + " without a node");
                });
        assertThat(violations(SandboxAdmission.admit(request(on("nosuch")), unclear)))
                .extracting(Violation::reason)
                .containsExactly(Reason.NODE_REQUIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "/", "::", "1.2.3.4/24", "%", "fe80::1%eth0", "\u0000", "글", "::ffff:10.1.0.5x", "-"})
    void admissionIsTotal(String text) {
        EndpointRequest wild = new EndpointRequest(
                text,
                text,
                text,
                text,
                List.of(text),
                Map.of(text, text, "com.docker.network.endpoint.ifname", text),
                0);
        EndpointRequest onWeb = new EndpointRequest(
                "web", text, text, text, List.of(text), Map.of("com.docker.network.endpoint.sysctls", text), 0);
        SandboxRequest request =
                new SandboxRequest(text, "", text, Map.of(text, text), List.of(wild, onWeb), "/" + text);
        assertThat(violations(SandboxAdmission.admit(request, FACTS)))
                .isNotEmpty()
                .allSatisfy(violation -> assertThat(violation.message().chars()).noneMatch(Character::isISOControl));
    }
}
