package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.SandboxFixtures.BRIDGE;
import static dev.weft.controlplane.admission.SandboxFixtures.WEB;
import static dev.weft.controlplane.admission.SandboxFixtures.admitted;
import static dev.weft.controlplane.admission.SandboxFixtures.violations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.state.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which networks may be removed. */
final class NetworkRemovalTest {

    @Test
    void removingANetwork() {
        assertThat(admitted(NetworkRemoval.admit(WEB, List.of()))).isEqualTo(WEB);
        assertThat(violations(NetworkRemoval.admit(BRIDGE, List.of())))
                .containsExactly(new Violation(
                        "network", Reason.PREDEFINED_NETWORK, "bridge is a pre-defined network and cannot be removed"));
        var endpoint = Fixtures.endpoint(WEB, Fixtures.sandbox("c1", "h1"), "10.1.0.2/24");
        assertThat(violations(
                        NetworkRemoval.admit(WEB, List.of(new NetworkRemoval.ActiveEndpoint("c1", endpoint.id())))))
                .containsExactly(new Violation(
                        "network",
                        Reason.NETWORK_IN_USE,
                        "error while removing network: network web has active endpoints (name:\"c1\" id:\""
                                + endpoint.id().shortId() + "\")"));
    }
}
