package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.SandboxFixtures.DUAL;
import static dev.weft.controlplane.admission.SandboxFixtures.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.state.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a reference leads to. */
final class ReferencesTest {

    @Test
    void referencesAreIdsThenNamesThenPrefixes() {
        Network twin = Fixtures.bridge("h2", "web", "10.7.0.0/24");
        List<Network> networks = List.of(WEB, twin, DUAL);
        assertThat(resolve(WEB.id().value(), networks)).isEqualTo(new Resolution.Found<>(WEB));
        assertThat(resolve("dual", networks)).isEqualTo(new Resolution.Found<>(DUAL));
        assertThat(resolve("web", networks)).isEqualTo(new Resolution.Ambiguous<>(2, Resolution.Basis.NAME));
        assertThat(resolve(DUAL.id().shortId(), networks)).isEqualTo(new Resolution.Found<>(DUAL));
        assertThat(resolve("du", networks)).as("no prefixes of names").isEqualTo(new Resolution.NotFound<>());
        assertThat(resolve("", networks)).isEqualTo(new Resolution.NotFound<>());
        assertThat(resolve(DUAL.id().value().substring(0, 1), List.of(DUAL, DUAL)))
                .isEqualTo(new Resolution.Ambiguous<>(2, Resolution.Basis.ID_PREFIX));
    }

    private static Resolution<Network> resolve(String reference, List<Network> networks) {
        return References.resolve(reference, networks, network -> network.id().value(), Network::name);
    }
}
