package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.SandboxFixtures.BRIDGE;
import static dev.weft.controlplane.admission.SandboxFixtures.DUAL;
import static dev.weft.controlplane.admission.SandboxFixtures.HOST;
import static dev.weft.controlplane.admission.SandboxFixtures.NONE;
import static dev.weft.controlplane.admission.SandboxFixtures.WEB;
import static dev.weft.controlplane.admission.SandboxFixtures.addressed;
import static dev.weft.controlplane.admission.SandboxFixtures.admitted;
import static dev.weft.controlplane.admission.SandboxFixtures.find;
import static dev.weft.controlplane.admission.SandboxFixtures.on;
import static dev.weft.controlplane.admission.SandboxFixtures.option;
import static dev.weft.controlplane.admission.SandboxFixtures.violations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.state.Fixtures;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Endpoints of a sandbox that exists: which it may get, and which may be taken from it. */
final class EndpointAdmissionTest {

    private static EndpointFacts facts(Sandbox.Mode mode, String reference, Network... attached) {
        Sandbox sandbox = Fixtures.sandbox("c1", "h1", mode);
        return new EndpointFacts(
                find(reference),
                sandbox,
                Stream.of(attached)
                        .map(network -> new EndpointFacts.Attachment(
                                network.subnets().isEmpty()
                                        ? Fixtures.endpoint(network, sandbox)
                                        : Fixtures.endpoint(network, sandbox, "10.1.0.130/24"),
                                network))
                        .toList());
    }

    private static List<Violation> connect(EndpointRequest request, EndpointFacts facts) {
        return violations(EndpointAdmission.admit(request, facts));
    }

    @Test
    void connecting() {
        Sandbox.Mode managed = new Sandbox.Mode.Managed();
        assertThat(connect(on("dual"), facts(managed, "dual", BRIDGE, WEB))).isEmpty();
        assertThat(connect(on("none"), facts(managed, "none"))).isEmpty();
        assertThat(connect(on("web"), facts(managed, "web", WEB)))
                .containsExactly(new Violation(
                        "endpoint.network",
                        Reason.ALREADY_CONNECTED,
                        "endpoint with name c1 already exists in network web"));
        assertThat(connect(on("web"), facts(new Sandbox.Mode.Host(), "web", HOST)))
                .containsExactly(
                        new Violation(
                                "endpoint.network",
                                Reason.INCOMPATIBLE_NETWORK,
                                "container sharing network namespace with another container or host cannot be connected to any other network"));
        assertThat(connect(on("host"), facts(managed, "host", WEB)))
                .extracting(Violation::message)
                .containsExactly(
                        "cannot connect container to host network - container must be created in host network mode");
        String isPrivate =
                "container cannot be connected to multiple networks with one of the networks in private (none) mode";
        assertThat(connect(on("none"), facts(managed, "none", WEB)))
                .extracting(Violation::message)
                .containsExactly(isPrivate);
        assertThat(connect(on("web"), facts(managed, "web", NONE)))
                .extracting(Violation::message)
                .containsExactly(isPrivate);
        assertThat(connect(on("far"), facts(managed, "far")))
                .extracting(Violation::reason)
                .containsExactly(Reason.INCOMPATIBLE_NETWORK);
        assertThat(connect(addressed("web", "10.99.0.1", ""), facts(managed, "web")))
                .extracting(Violation::field)
                .containsExactly("endpoint.ipv4_address");
        assertThat(connect(on("nosuch"), facts(managed, "nosuch")))
                .extracting(Violation::message)
                .containsExactly("network nosuch not found");
    }

    @Test
    void anInterfaceNameOfTheSandboxIsTaken() {
        EndpointFacts facts = facts(new Sandbox.Mode.Managed(), "dual", WEB);
        String taken = facts.attachments()
                .getFirst()
                .endpoint()
                .link()
                .orElseThrow()
                .name()
                .value();
        assertThat(connect(option("dual", "com.docker.network.endpoint.ifname", taken), facts))
                .extracting(Violation::reason)
                .containsExactly(Reason.CONFLICT);
    }

    @Test
    void disconnecting() {
        EndpointFacts facts = facts(new Sandbox.Mode.Managed(), "web", WEB, BRIDGE);
        assertThat(admitted(EndpointAdmission.admitRemoval(WEB, facts)).network())
                .isEqualTo(WEB);
        SandboxId id = facts.sandbox().id();
        assertThat(violations(EndpointAdmission.admitRemoval(DUAL, facts)))
                .containsExactly(new Violation(
                        "network", Reason.NOT_CONNECTED, "container " + id + " is not connected to network dual"));
        assertThat(violations(EndpointAdmission.admitRemoval(HOST, facts(new Sandbox.Mode.Host(), "host", HOST))))
                .extracting(Violation::message)
                .containsExactly(
                        "cannot disconnect container from host network - container was created in host network mode");
    }
}
