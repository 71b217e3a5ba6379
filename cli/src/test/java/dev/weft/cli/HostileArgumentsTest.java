package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is typed, a command ends with an exit code that is its own, and with words instead of a stack trace. */
class HostileArgumentsTest extends CommandTest {

    private static final int ROUNDS = 400;
    private static final int MOST_WORDS = 6;

    private static final List<String> COMMANDS = List.of(
            "network create",
            "network ls",
            "network inspect",
            "network connect",
            "network disconnect",
            "network rm",
            "network prune",
            "sandbox ls",
            "sandbox inspect",
            "sandbox rm",
            "sandbox rename",
            "port add",
            "port rm",
            "port ls",
            "ipam ls",
            "ipam show",
            "ipam leaks",
            "node ls",
            "node inspect",
            "network",
            "nonsense");

    private static final List<String> WORDS = List.of(
            "",
            "-",
            "--",
            "-f",
            "--format",
            "-o",
            "json",
            "--filter",
            "driver=bridge",
            "=",
            "label!=x",
            "until=yesterday",
            "--subnet",
            "--gateway",
            "--ip-range",
            "--aux-address",
            "--ip",
            "--ip6",
            "--opt",
            "--label",
            "--driver",
            "--ipv6",
            "--ipv6=maybe",
            "--internal",
            "--gw-priority",
            "--mac-address",
            "--driver-opt",
            "--fallback",
            "--node",
            "-p",
            "80:80",
            "[::1]:70000:80/sctp",
            "1-3:7-8",
            "10.1.0.0/16",
            "10.1.0.0/99",
            "fd00::/64",
            "02:42:zz",
            "a=b=c",
            "name=web,ip=10.1.0.5,driver-opt=x",
            "{{.Name}}",
            "{{",
            "}}",
            "{{range .}}{{.}}",
            "{{json . | upper | nothing}}",
            "{{index . 99999999999}}",
            "{{printf \"%d%s%v%\" .}}",
            "table",
            "table {{.ID}}\\t{{.Nothing.Deeper}}",
            "my-net",
            "one",
            "99999999999999999999",
            "\u0000",
            "\ud83d\ude00",
            "x".repeat(100_000));

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void endsWithWords(long seed) {
        Random random = new Random(seed);
        Map<Integer, Integer> exitCodes = new TreeMap<>();
        for (int i = 0; i < ROUNDS; i++) {
            List<String> line = new ArrayList<>(
                    List.of(COMMANDS.get(random.nextInt(COMMANDS.size())).split(" ")));
            for (int words = random.nextInt(MOST_WORDS + 1); words > 0; words--) {
                line.add(WORDS.get(random.nextInt(WORDS.size())));
            }
            Console.Outcome outcome = console.run(line.toArray(String[]::new));
            String shown = String.join(" ", line).replaceAll("x{100,}", "x…");
            assertThat(outcome.exitCode()).as(shown).isBetween(0, 2);
            assertThat(outcome.err()).as(shown).doesNotContain("Exception", "\tat ");
            if (outcome.exitCode() != 0) {
                assertThat(outcome.err()).as(shown).isNotBlank();
            }
            exitCodes.merge(outcome.exitCode(), 1, Integer::sum);
        }
        assertThat(exitCodes).as("commands are reached").containsKeys(0, 2);
    }
}
