package dev.weft.controlplane.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.state.Fixtures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a sandbox in another's namespace may not have of its own. */
final class SharedNamespaceAdmissionTest {

    private static final NodeName H1 = new NodeName("h1");
    private static final NodeName H2 = new NodeName("h2");
    private static final Sandbox OWNER = Fixtures.sandbox("web", "h2");

    private static SandboxFacts facts(Resolution<Sandbox> owner) {
        return new SandboxFacts(
                Optional.of(H1),
                RegisteredNodes.of(Set.of(H1, H2)),
                Optional.empty(),
                (_, _) -> new Resolution.NotFound<>(),
                owner,
                (_, _) -> Optional.empty());
    }

    private static SandboxRequest request(
            String node, String hostname, String path, List<PortRequest> ports, NameRequest names) {
        return new SandboxRequest(
                "c", node, hostname, Map.of(), List.of(), new NamespaceRequest(path, 0, 0, "web"), ports, names);
    }

    private static SandboxRequest endpoint(EndpointRequest endpoint) {
        return new SandboxRequest(
                "c", "", "", Map.of(), List.of(endpoint), NamespaceRequest.of("web"), List.of(), NameRequest.NONE);
    }

    private static SandboxRequest names(NameRequest names) {
        return request("", "", "", List.of(), names);
    }

    private static NameRequest wish(String server, String search, String option, String host) {
        return new NameRequest(list(server), list(search), list(option), list(host));
    }

    private static List<String> list(String text) {
        return text.isEmpty() ? List.of() : List.of(text);
    }

    private static EndpointRequest with(String network, String ipv4, String ipv6, String mac, String alias) {
        return new EndpointRequest(network, ipv4, ipv6, mac, list(alias), Map.of(), 0);
    }

    private static SandboxRequest process() {
        return new SandboxRequest(
                "c", "", "", Map.of(), List.of(), new NamespaceRequest("", 7, 0, "web"), List.of(), NameRequest.NONE);
    }

    static Stream<Arguments> refusals() {
        PortRequest port = new PortRequest("", 8080, 0, 80, 0, Optional.of(dev.weft.net.TransportProtocol.TCP));
        return Stream.of(
                arguments(
                        request("", "box", "", List.of(), NameRequest.NONE),
                        "hostname",
                        "hostname and the network mode"),
                arguments(
                        request("", "", "/run/netns/x", List.of(), NameRequest.NONE), "netns_path", "somebody else's"),
                arguments(process(), "netns_pid", "somebody else's"),
                arguments(
                        request("", "", "", List.of(port), NameRequest.NONE),
                        "ports",
                        "port publishing and the container"),
                arguments(request("h1", "", "", List.of(), NameRequest.NONE), "node", "sandbox web is on node h2"),
                arguments(names(wish("9.9.9.9", "", "", "")), "dns_servers", "dns and the network mode"),
                arguments(names(wish("", "a.example", "", "")), "dns_search", "dns and the network mode"),
                arguments(names(wish("", "", "rotate", "")), "dns_options", "dns and the network mode"),
                arguments(names(wish("", "", "", "db:10.0.0.1")), "extra_hosts", "custom host-to-IP mapping"),
                arguments(
                        endpoint(EndpointRequest.on("bridge")),
                        "endpoints[0].network",
                        "sharing network namespace with another container"),
                arguments(
                        endpoint(EndpointRequest.on("")),
                        "endpoints[0].network",
                        "sharing network namespace with another container"),
                arguments(
                        endpoint(with("", "", "", "02:00:00:00:00:01", "")),
                        "endpoints[0].mac_address",
                        "mac-address and the network mode"),
                arguments(
                        endpoint(with("", "10.0.0.9", "", "", "")),
                        "endpoints[0].ipv4_address",
                        "an address and the network mode"),
                arguments(
                        endpoint(with("", "", "fd00::9", "", "")),
                        "endpoints[0].ipv6_address",
                        "an address and the network mode"),
                arguments(
                        endpoint(new EndpointRequest(
                                "",
                                "",
                                "",
                                "",
                                List.of(),
                                Map.of(),
                                0,
                                List.of(),
                                BandwidthRequest.UNLIMITED,
                                Optional.of(Duration.ofHours(1)),
                                List.of())),
                        "endpoints[0].retain_ip",
                        "addresses to keep and the network mode"),
                arguments(
                        endpoint(new EndpointRequest(
                                "",
                                "",
                                "",
                                "",
                                List.of(),
                                Map.of(),
                                0,
                                List.of(),
                                BandwidthRequest.UNLIMITED,
                                Optional.empty(),
                                List.of("169.254.1.1"))),
                        "endpoints[0].link_local_addresses",
                        "an address and the network mode"),
                arguments(
                        endpoint(with("", "", "", "", "db")),
                        "endpoints[0].aliases",
                        "network-scoped aliases and the network mode"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void isRefusedNamingTheField(SandboxRequest request, String field, String message) {
        assertThat(violations(request, new Resolution.Found<>(OWNER)))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo(field);
                    assertThat(violation.reason()).isEqualTo(Reason.CONFLICT);
                    assertThat(violation.message()).contains(message);
                });
    }

    @Test
    void theOwnerMustBeOne() {
        SandboxRequest plain = names(NameRequest.NONE);
        assertThat(violations(plain, new Resolution.NotFound<>()))
                .containsExactly(new Violation("shared_sandbox", Reason.SANDBOX_NOT_FOUND, "sandbox web not found"));
        assertThat(violations(plain, new Resolution.Ambiguous<>(2, Resolution.Basis.ID_PREFIX)))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("shared_sandbox");
                    assertThat(violation.reason()).isEqualTo(Reason.AMBIGUOUS_REFERENCE);
                });
    }

    @Test
    void itGoesToTheOwnersNodeWhateverNodeTheRequestComesThrough() {
        Admission<AdmittedSandbox> admission =
                SandboxAdmission.admit(names(NameRequest.NONE), facts(new Resolution.Found<>(OWNER)));
        assertThat(admission).isInstanceOfSatisfying(Admission.Admitted.class, admitted -> {
            AdmittedSandbox sandbox = (AdmittedSandbox) admitted.value();
            assertThat(sandbox.node()).isEqualTo(H2);
            assertThat(sandbox.mode()).isEqualTo(new Sandbox.Mode.Shared(OWNER.id()));
            assertThat(sandbox.endpoints()).isEmpty();
        });
        assertThat(violations(request("h2", "", "", List.of(), NameRequest.NONE), new Resolution.Found<>(OWNER)))
                .isEmpty();
    }

    private static List<Violation> violations(SandboxRequest request, Resolution<Sandbox> owner) {
        return switch (SandboxAdmission.admit(request, facts(owner))) {
            case Admission.Admitted<AdmittedSandbox> _ -> List.of();
            case Admission.Rejected<AdmittedSandbox>(List<Violation> violations) -> violations;
        };
    }
}
