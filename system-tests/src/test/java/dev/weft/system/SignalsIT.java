package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.Namespaces;
import dev.weft.lab.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands in the foreground, and what is done to the weft process meanwhile. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignalsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Says that it runs, and as which process of the machine. */
    private static final String READY = "echo \"ready $$\"; ";

    private final Cluster cluster = new Cluster(Cluster.spec("sg").withHosts(1));
    private final LabHost host = cluster.host(1);

    @AfterAll
    void down() {
        cluster.close();
    }

    /** A weft process, and what its command has said. */
    private record Foreground(Process weft, ProcessHandle command) {

        void send(String signal) {
            Shell.run("kill", "-s", signal, Long.toString(weft.pid())).orThrow();
        }

        int exitCode() throws InterruptedException {
            assertThat(weft.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("weft has ended")
                    .isTrue();
            return weft.exitValue();
        }

        void awaitCommandsEnd() {
            Await.until("the command to end", PATIENCE, () -> !command.isAlive());
        }
    }

    private Foreground start(String script, String... weft) throws IOException {
        List<String> words =
                new ArrayList<>(List.of(host.home().resolve("bin/weft").toString()));
        words.addAll(List.of(weft));
        words.addAll(List.of("--", "sh", "-c", READY + script));
        return start(words);
    }

    private Foreground start(List<String> words) throws IOException {
        // Whoever runs the tests may ignore SIGINT, as a shell does for what runs in the background.
        List<String> line = new ArrayList<>(List.of(
                "env", "--default-signal=HUP,INT,TERM", "nsenter", "--net=" + Namespaces.path(host.namespace()), "--"));
        line.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(host.environment());
        Process weft = builder.start();
        String greeting = nextLine(weft.getInputStream());
        assertThat(greeting).startsWith("ready ");
        return new Foreground(
                weft,
                ProcessHandle.of(Long.parseLong(greeting.substring("ready ".length())))
                        .orElseThrow());
    }

    /** Byte by byte, as what follows is left for others to read. */
    private static String nextLine(InputStream output) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = output.read(); c >= 0 && c != '\n'; c = output.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private String sandboxes() {
        return cluster.weft(host, "sandbox", "ls", "-q");
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "TERM, 143", "USR1, 138"})
    void aSignalEndsTheCommandAndRmItsSandbox(String signal, int exitCode) throws Exception {
        Foreground run = start("exec sleep 600", "run", "--rm");
        run.send(signal);
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.command().isAlive()).isFalse();
        assertThat(sandboxes()).isEmpty();
    }

    @Test
    void whatTheCommandMakesOfASignalIsItsOwnAffair() throws Exception {
        Foreground run = start("trap 'exit 9' TERM; while :; do sleep 0.05; done", "run", "--rm");
        run.send("TERM");
        assertThat(run.exitCode()).isEqualTo(9);
        assertThat(sandboxes()).isEmpty();
    }

    @Test
    void whoInsistsIsNotHeldUpByACommandThatHeedsNothing() throws Exception {
        Foreground run = start("trap 'echo again' INT; trap '' HUP; while :; do sleep 0.05; done", "run", "--rm");
        for (int i = 0; i < 2; i++) {
            run.send("INT");
            assertThat(nextLine(run.weft().getInputStream())).isEqualTo("again");
        }
        run.send("INT");
        assertThat(run.exitCode()).isEqualTo(130);
        run.awaitCommandsEnd();
        assertThat(sandboxes()).isEmpty();
    }

    @Test
    void execEndsItsCommandOnly() throws Exception {
        Cluster.Workload one = cluster.sandbox(host, "sig1");
        Foreground exec = start("exec sleep 600", "exec", "sig1");
        exec.send("INT");
        assertThat(exec.exitCode()).isEqualTo(130);
        assertThat(exec.command().isAlive()).isFalse();
        assertThat(one.exec("true").succeeded()).isTrue();
        cluster.weft(host, "sandbox", "rm", "sig1");
    }

    @Test
    void aCallerThatIsKilledTakesItsCommandAlong() throws Exception {
        cluster.sandbox(host, "sig2");
        Foreground exec = start("exec sleep 600", "exec", "sig2");
        exec.send("KILL");
        exec.awaitCommandsEnd();
        cluster.weft(host, "sandbox", "rm", "sig2");
    }

    /** Ctrl-C as it is pressed: the terminal makes a signal of it for whoever is in its foreground. */
    @Test
    void controlCOnATerminal() throws Exception {
        String weft = host.home().resolve("bin/weft") + " run --rm -- sh -c '" + READY + "exec sleep 600'";
        Foreground script = start(List.of("script", "--quiet", "--return", "--command", weft, "/dev/null"));
        script.weft().getOutputStream().write("\u0003".getBytes(StandardCharsets.US_ASCII));
        script.weft().getOutputStream().flush();
        assertThat(script.exitCode()).isEqualTo(130);
        script.awaitCommandsEnd();
        assertThat(sandboxes()).isEmpty();
    }
}
