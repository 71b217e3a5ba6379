package dev.weft.controlplane.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.state.Fixtures;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Namespaces of somebody else's, by path and by process. */
final class ForeignNamespaceAdmissionTest {

    private static final NodeName H1 = new NodeName("h1");
    private static final Network WEB = Fixtures.overlay("web", "10.1.0.0/24");
    private static final Network HOST =
            Fixtures.network("host", Driver.HOST, new Scope.Local(H1), Map.of(), Set.of(Network.Trait.PREDEFINED));
    private static final Sandbox.Mode TAKEN = new Sandbox.Mode.External("/run/netns/taken");

    private static final SandboxFacts FACTS = new SandboxFacts(
            Optional.of(H1),
            RegisteredNodes.of(Set.of(H1)),
            Optional.empty(),
            (reference, _) -> new Resolution.Found<>(reference.equals("host") ? HOST : WEB),
            new Resolution.NotFound<>(),
            (_, mode) -> mode.equals(TAKEN) || mode.equals(new Sandbox.Mode.ExternalProcess(9, 99))
                    ? Optional.of(Fixtures.sandbox("first", "h1"))
                    : Optional.empty());

    private static SandboxRequest request(NamespaceRequest namespace, String network) {
        return new SandboxRequest(
                "c", "", "", Map.of(), List.of(EndpointRequest.on(network)), namespace, List.of(), NameRequest.NONE);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(NamespaceRequest.at("run/x"), "netns_path", Reason.MALFORMED, "absolute"),
                arguments(NamespaceRequest.at("/run/../etc"), "netns_path", Reason.MALFORMED, "without '..'"),
                arguments(NamespaceRequest.at("/run/\u0000x"), "netns_path", Reason.MALFORMED, "control characters"),
                arguments(NamespaceRequest.at("/" + "a".repeat(4095)), "netns_path", Reason.TOO_LONG, "4095"),
                arguments(NamespaceRequest.at("/proc/7/ns/net"), "netns_path", Reason.RESERVED, "netns_pid"),
                arguments(NamespaceRequest.at("/.//proc/self/ns/net"), "netns_path", Reason.RESERVED, "netns_pid"),
                arguments(NamespaceRequest.at("/run/netns/taken"), "netns_path", Reason.NAMESPACE_IN_USE, "first"),
                arguments(NamespaceRequest.ofProcess(9, 99), "netns_pid", Reason.NAMESPACE_IN_USE, "first"),
                arguments(NamespaceRequest.ofProcess(-1, 0), "netns_pid", Reason.OUT_OF_RANGE, "1 to 4194304"),
                arguments(NamespaceRequest.ofProcess(4194305, 0), "netns_pid", Reason.OUT_OF_RANGE, "1 to 4194304"),
                arguments(NamespaceRequest.ofProcess(7, -1), "netns_pid_start_time", Reason.OUT_OF_RANGE, "ticks"),
                arguments(NamespaceRequest.ofProcess(0, 5), "netns_pid_start_time", Reason.OUT_OF_RANGE, "ticks"),
                arguments(new NamespaceRequest("/run/x", 7, 0, ""), "netns_pid", Reason.CONFLICT, "not by both"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void isRefusedNamingTheField(NamespaceRequest namespace, String field, Reason reason, String message) {
        assertThat(violations(request(namespace, "web"))).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(field);
            assertThat(violation.reason()).isEqualTo(reason);
            assertThat(violation.message()).contains(message);
        });
    }

    @Test
    void theHostsNamespaceIsNoForeignOne() {
        assertThat(violations(request(NamespaceRequest.ofProcess(7, 0), "host")))
                .singleElement()
                .satisfies(violation -> assertThat(violation.field()).isEqualTo("netns_pid"));
    }

    @Test
    void bothWaysAreModesOfTheSandbox() {
        assertThat(mode(NamespaceRequest.at("/run/netns/x"))).isEqualTo(new Sandbox.Mode.External("/run/netns/x"));
        assertThat(mode(NamespaceRequest.at("/procession/x"))).isEqualTo(new Sandbox.Mode.External("/procession/x"));
        assertThat(mode(NamespaceRequest.ofProcess(7, 12))).isEqualTo(new Sandbox.Mode.ExternalProcess(7, 12));
        assertThat(mode(NamespaceRequest.ofProcess(9, 100)))
                .as("another process with the same number")
                .isEqualTo(new Sandbox.Mode.ExternalProcess(9, 100));
    }

    private static Sandbox.Mode mode(NamespaceRequest namespace) {
        return switch (SandboxAdmission.admit(request(namespace, "web"), FACTS)) {
            case Admission.Admitted<AdmittedSandbox>(AdmittedSandbox sandbox) -> sandbox.mode();
            case Admission.Rejected<AdmittedSandbox>(List<Violation> violations) ->
                throw new AssertionError(violations);
        };
    }

    private static List<Violation> violations(SandboxRequest request) {
        return switch (SandboxAdmission.admit(request, FACTS)) {
            case Admission.Admitted<AdmittedSandbox> _ -> List.of();
            case Admission.Rejected<AdmittedSandbox>(List<Violation> violations) -> violations;
        };
    }
}
