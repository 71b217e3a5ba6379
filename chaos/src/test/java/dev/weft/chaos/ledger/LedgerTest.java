package dev.weft.chaos.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.chaos.ledger.Expectation.Endpoint;
import dev.weft.chaos.ledger.Expectation.Network;
import dev.weft.chaos.ledger.Expectation.NodePort;
import dev.weft.chaos.ledger.Expectation.Port;
import dev.weft.chaos.ledger.Expectation.Sandbox;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LedgerTest {

    private static final NodePort PORT = new NodePort("h1", 8080);

    private final Ledger ledger = new Ledger();

    @BeforeEach
    void aSandboxWithAnEndpointAndAPort() {
        ledger.add(new Network("n", "lan", "bridge", "h1", false, List.of("10.1.0.0/24")));
        ledger.add(new Network("o", "web", "overlay", "", false, List.of("10.2.0.0/24")));
        ledger.add(new Sandbox("s", "a", "h1"));
        ledger.add(new Endpoint("e", "n", "s", "10.1.0.2/24", "", "02:42:0a:01:00:02", List.of("db"), 0, 0));
        ledger.add(new Port(PORT, 80, "s"));
    }

    @Test
    void whatASandboxHasGoesWithIt() {
        ledger.removeSandbox("s");
        Expectation expectation = ledger.expectation();
        assertThat(expectation.sandboxes()).isEmpty();
        assertThat(expectation.endpoints()).isEmpty();
        assertThat(expectation.ports()).isEmpty();
        assertThat(expectation.gone()).containsExactlyInAnyOrder("s", "e");
        assertThat(expectation.removedPorts()).containsExactly(PORT);
    }

    @Test
    void aNodeTakesItsSandboxesAndLocalNetworksWithIt() {
        ledger.add(new Sandbox("t", "b", "h2"));
        ledger.removeNode("h1");
        assertThat(ledger.expectation().sandboxes()).extracting(Sandbox::id).containsExactly("t");
        assertThat(ledger.expectation().networks()).extracting(Network::id).containsExactly("o");
        assertThat(ledger.expectation().gone()).contains("s", "e", "n");
    }

    @Test
    void aPortThatIsPublishedAgainIsNotRemoved() {
        ledger.removePort(PORT);
        ledger.add(new Port(PORT, 80, "s"));
        assertThat(ledger.expectation().removedPorts()).isEmpty();
        assertThat(ledger.portsOf("s")).hasSize(1);
    }

    @Test
    void whatASandboxWasCalledIsRemembered() {
        ledger.rename("s", "z");
        assertThat(ledger.expectation().sandboxes()).containsExactly(new Sandbox("s", "z", "h1"));
        ledger.removeSandbox("s");
        ledger.rename("s", "late");
        assertThat(ledger.expectation().sandboxes()).isEmpty();
        assertThat(ledger.expectation().everNamed()).containsExactlyInAnyOrder("a", "db", "z");
    }

    @Test
    void whatIsInDoubtIsSo() {
        ledger.doubt("a");
        assertThat(ledger.isInDoubt("a")).isTrue();
        ledger.settle("a");
        assertThat(ledger.expectation().inDoubt()).isEmpty();
    }
}
