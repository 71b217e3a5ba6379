package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What all commands have in common: misuse, a server that is not there, completion. */
class WeftTest extends CommandTest {

    @Test
    void misuseIsOneLineAndTwo() {
        assertThat(console.run("network", "create", "--nosuch", "n"))
                .isEqualTo(
                        new Console.Outcome(2, "", "weft: unknown option --nosuch (see weft network create --help)\n"));
        assertThat(console.run("network", "create", "--subnett=10.0.0.0/24", "n"))
                .isEqualTo(new Console.Outcome(
                        2,
                        "",
                        "weft: unknown option --subnett: did you mean --subnet? (see weft network create --help)\n"));
        assertThat(console.run("netwrok", "ls"))
                .isEqualTo(new Console.Outcome(
                        2, "", "weft: unknown command netwrok: did you mean network? (see weft --help)\n"));
        assertThat(console.run("network", "inspct", "n"))
                .isEqualTo(new Console.Outcome(
                        2, "", "weft: unknown command inspct: did you mean inspect? (see weft network --help)\n"));
        assertThat(console.run("network", "frobnicate"))
                .isEqualTo(new Console.Outcome(2, "", "weft: unknown command frobnicate (see weft network --help)\n"));
        assertThat(console.run("network", "rm").exitCode()).isEqualTo(2);
        assertThat(console.run("network", "ls", "--format", "{{with .Name}}"))
                .isEqualTo(new Console.Outcome(
                        2, "", "weft: template: {{with}} is not supported: see docs/cli.md for what is\n"));
    }

    @Test
    void aCommandThatIsBegunShowsWhatCouldFollow() {
        for (Console.Outcome outcome : List.of(console.run(), console.run("network"))) {
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).startsWith("Usage: weft ").contains("Commands:");
        }
        assertThat(console.run("network").err()).contains("prune");
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        Console.Outcome outcome = new Console("unix://" + directory.resolve("nobody.sock")).run("network", "ls");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("weft: cannot reach the control plane at unix://")
                .contains("nobody.sock", "weft up")
                .hasLineCount(1);
        assertThat(console.run("-H", "nonsense", "network", "ls"))
                .isEqualTo(new Console.Outcome(2, "", "weft: invalid host nonsense: give unix:///path or host:port\n"));
    }

    @Test
    void completionKnowsTheCommands() throws IOException {
        String script = console.run("completion", "bash").out();
        assertThat(script).contains("disconnect", "--no-trunc", "complete");
        assertThat(console.run("completion", "fish").exitCode()).isEqualTo(2);
        Path file = directory.resolve("completion.sh");
        Files.writeString(file, script);
        assertThat(file).isNotEmptyFile();
    }
}
