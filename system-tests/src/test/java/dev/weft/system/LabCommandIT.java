package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabSpec;
import dev.weft.lab.Namespaces;
import dev.weft.lab.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft lab} as somebody at a shell uses it. */
@Tag("lab")
class LabCommandIT {

    private static final String NAME = "cmd" + ProcessHandle.current().pid() % 100_000;
    private static final Path COMMAND = LabSpec.findHome().resolve("bin/weft");

    @TempDir
    private Path directory;

    @AfterEach
    void nothingIsLeft() {
        Shell.Result down = lab("down", NAME);
        assertThat(down.exitCode()).as("the lab is gone already: %s", down).isEqualTo(1);
        assertThat(down.stderr()).contains("no lab named " + NAME);
        assertThat(namespaces()).isEmpty();
        assertThat(directory.resolve(NAME)).doesNotExist();
    }

    private Shell.Result lab(String... arguments) {
        List<String> command = new ArrayList<>(List.of(COMMAND.toString(), "lab"));
        command.addAll(List.of(arguments));
        return Shell.run(Duration.ofMinutes(2), Map.of("WEFT_LAB_DIR", directory.toString()), command);
    }

    private static List<String> namespaces() {
        return Shell.run("ip", "netns", "list")
                .orThrow()
                .lines()
                .filter(line -> line.startsWith("weft-lab-" + NAME + "-"))
                .toList();
    }

    @Test
    void aLabIsBuiltUsedAndTakenDown() {
        assertThat(lab("up", "--name", NAME, "--hosts", "2").orThrow()).contains("lab " + NAME + " is up: 2 hosts");

        assertThat(lab("status", NAME).orThrow())
                .contains("h1", "h2", "cp", "outside", "control-plane")
                .doesNotContain("ended");
        assertThat(lab("status").orThrow()).containsPattern(NAME + " +2 +sqlite +3/3 running");

        // On a host, weft means the daemon of that host.
        assertThat(lab("exec", NAME, "h2", "--", "weft", "node", "inspect", "-f", "{{.Name}}")
                        .orThrow()
                        .strip())
                .isEqualTo("h2");
        assertThat(lab("exec", NAME, "h1", "--", "ip", "-o", "addr", "show", "eth0")
                        .orThrow())
                .contains("192.0.2.11/24");
        assertThat(lab("exec", NAME, "h1", "--", "sh", "-c", "exit 7").exitCode())
                .isEqualTo(7);
        assertThat(lab("exec", NAME, "h9", "--", "true").stderr()).contains("no machine h9");

        Shell.Result again = lab("up", "--name", NAME);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.stderr()).contains("a lab named " + NAME + " exists: take it down first");
        assertThat(lab("exec", NAME, "h1", "--", "weft", "network", "ls").exitCode())
                .as("the refused one has not touched the first")
                .isZero();

        assertThat(lab("kill", NAME, "h2").exitCode()).isZero();
        assertThat(lab("status", NAME).orThrow()).containsPattern("h2 +ended");
        assertThat(lab("restart", NAME, "h2").exitCode()).isZero();
        assertThat(lab("status", NAME).orThrow()).doesNotContain("ended");

        assertThat(lab("down", NAME).orThrow().strip()).isEqualTo(NAME);
    }

    @Test
    void anInterruptedBuildLeavesNothing() throws IOException {
        Process up = start();
        awaitNamespaces();
        // SIGTERM to it alone: a Ctrl-C would end the commands that it runs as well.
        up.destroy();
        assertThat(up.onExit().join().exitValue()).isEqualTo(143);
        assertThat(namespaces()).isEmpty();
    }

    @Test
    void whatAKilledBuildLeavesIsTakenDown() throws IOException {
        Process up = start();
        awaitNamespaces();
        Await.until(
                "its first process", Duration.ofSeconds(30), () -> Files.exists(directory.resolve(NAME + "/h1.log")));
        up.destroyForcibly().onExit().join();
        assertThat(namespaces()).isNotEmpty();
        assertThat(lab("up", "--name", NAME).stderr()).contains("a lab named " + NAME + " exists");
        assertThat(lab("down", NAME).orThrow().strip()).isEqualTo(NAME);
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(COMMAND.toString(), "lab", "up", "--name", NAME, "--hosts", "2");
        builder.environment().put("WEFT_LAB_DIR", directory.toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("up.log").toFile())
                .start();
    }

    private static void awaitNamespaces() {
        Await.until(
                "the lab's first host",
                Duration.ofSeconds(30),
                () -> Files.exists(Namespaces.path("weft-lab-" + NAME + "-h1")));
    }
}
