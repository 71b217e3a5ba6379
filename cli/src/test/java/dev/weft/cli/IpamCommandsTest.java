package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code weft ipam}. */
class IpamCommandsTest extends CommandTest {

    @Test
    void addressesAreCountedListedAndTheirLeaksToldWithReasons() {
        assertThat(console.run("ipam", "ls").out()).isEqualTo("""
                        NETWORK   NODE      SUBNET          USABLE    LEASED    RESERVED   RESTING   FREE      USED
                        my-net    h1        172.18.0.0/24   253       1         1          2         250       1.2%
                        my-net    h1        fd00::/64       1.8e+19   1         1          2         1.8e+19   0.0%
                        """);
        assertThat(console.run("ipam", "ls", "-o", "json").out()).contains("\"Usable\": \"18446744073709551614\"");
        assertThat(console.run(
                                "ipam",
                                "show",
                                "my-net",
                                "--format",
                                "{{.Address}} {{.Kind}} {{.Sandbox}} {{.RestLeft}}")
                        .out()
                        .lines())
                .containsExactly("172.18.0.1 gateway  ", "172.18.0.2 leased one ", "172.18.0.3 resting  42s");
        assertThat(console.run("ipam", "show", "nosuch"))
                .isEqualTo(new Console.Outcome(1, "", "weft: network nosuch not found\n"));
        assertThat(console.run("ipam", "leaks", "--format", "{{.Address}} {{.Endpoint}} {{.Reason}}: {{.Evidence}}")
                        .out())
                .isEqualTo("172.18.0.4 ac85884c9058 no endpoint: node h2 is silent and may hold it until"
                        + " 2022-08-02T09:20:00Z\n");
        assertThat(console.run("ipam", "leaks").out()).contains("not proven");
    }
}
