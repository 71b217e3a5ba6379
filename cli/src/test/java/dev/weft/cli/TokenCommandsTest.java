package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.trust.v1.CreateJoinTokenRequest;
import dev.weft.trust.v1.WithdrawJoinTokenRequest;
import org.junit.jupiter.api.Test;

/** {@code weft node token}. */
class TokenCommandsTest extends CommandTest {

    @Test
    void theTokenAloneIsOnStandardOutput() {
        assertThat(console.run("node", "token", "create", "--node", "h3", "--ttl", "10m"))
                .isEqualTo(new Console.Outcome(
                        0, "weft1.authority.secret\n", "token 1d0000000001, good once, until 2126-11-20T10:00:00Z\n"));
        assertThat(server.request(CreateJoinTokenRequest.class).getNode()).isEqualTo("h3");
    }

    @Test
    void thoseThatCanBeUsedAreListed() {
        Console.Outcome outcome = console.run("node", "token", "ls");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines()).hasSize(2);
        assertThat(outcome.out())
                .containsPattern("ID +NODE +SOCKET ROLE +MADE BY +MADE +EXPIRES +STATUS")
                .containsPattern(
                        "1d0000000001 +h3 +operator +user/alice +2026-11-20T10:00:00Z +2126-11-20T10:00:00Z +good");
        assertThat(console.run("node", "token", "ls", "-q").out()).isEqualTo("1d0000000001\n");
        assertThat(console.run("node", "token", "ls", "--all", "--format", "{{.ID}} {{.Node}} {{.Status}}")
                        .out())
                .isEqualTo("""
                        1d0000000001 h3 good
                        1d0000000002 (any new one) used 2026-11-20T10:00:00Z by h2
                        1d0000000003 (any new one) expired
                        """);
    }

    @Test
    void oneIsWithdrawn() {
        assertThat(console.run("node", "token", "rm", "1d00")).isEqualTo(new Console.Outcome(0, "1d0000000001\n", ""));
        assertThat(server.request(WithdrawJoinTokenRequest.class).getId()).isEqualTo("1d00");
        assertThat(console.run("node", "token", "rm").exitCode()).isEqualTo(2);
    }
}
