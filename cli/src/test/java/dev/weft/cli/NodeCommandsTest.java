package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.DrainNodeRequest;
import org.junit.jupiter.api.Test;

/** {@code weft node}. */
class NodeCommandsTest extends CommandTest {

    @Test
    void nodesAreListedAndInspected() {
        assertThat(console.run("node", "ls").out()).isEqualTo("""
                        NAME      STATUS          ADDRESS      SANDBOXES   ENDPOINTS   APPLIED/DESIRED   KERNEL
                        h2        away, drained   192.0.2.11   1           1           12/12             6.18.44
                        h10       in sync         192.0.2.11   1           1           12/12             6.18.44
                        """);
        assertThat(console.run("node", "inspect").out())
                .as("without a name: the node that the request comes through")
                .contains("\"Name\": \"h1\"", "\"Available\": false", "EOPNOTSUPP");
    }

    @Test
    void nodesAreDrainedAndRemoved() {
        assertThat(console.run("node", "drain", "h1")).isEqualTo(new Console.Outcome(0, "h1\n", ""));
        assertThat(server.request(DrainNodeRequest.class))
                .isEqualTo(DrainNodeRequest.newBuilder().setNode("h1").build());
        assertThat(console.run("node", "rm", "busy", "h2"))
                .isEqualTo(new Console.Outcome(
                        1,
                        "h2\n",
                        "weft: node busy cannot be removed: it has sandbox one; remove these first, or use --force\n"));
        assertThat(console.run("node", "rm", "--force", "busy"))
                .isEqualTo(new Console.Outcome(0, "busy\n", "with it went 2 sandboxes, 3 endpoints, 0 networks\n"));
        assertThat(console.run("node", "rm").exitCode()).isEqualTo(2);
    }
}
