package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import dev.weft.lab.Shell;
import dev.weft.trust.PemFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and tokens as an operator meets them: the product's own commands and processes. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TrustIT {

    private static final Duration PATIENCE = Cluster.PATIENCE;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // begin() sets it
    private Cluster cluster;

    @BeforeAll
    void begin() {
        cluster = new Cluster(Cluster.spec("trust").withHosts(2));
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    private LabHost control() {
        return cluster.lab().controlPlaneHost();
    }

    /** The command on the control plane's host, by its own socket. */
    private Shell.Result there(String... arguments) {
        return on(control(), Map.of("WEFT_HOST", "unix://" + control().controlPlaneSocket()), arguments);
    }

    private Shell.Result on(LabHost host, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "-u", "WEFT_HOST", "HOME=" + directory));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.add(host.home().resolve("bin/weft").toString());
        command.addAll(List.of(arguments));
        return host.exec(Duration.ofMinutes(1), command);
    }

    /** Where the lab's control plane listens. */
    private String address() {
        return control().address() + ":7400";
    }

    private Path issue(String user, String role, String... more) {
        Path out = directory.resolve(user);
        List<String> arguments =
                new ArrayList<>(List.of("ca", "issue", "user", user, "--role", role, "--out", out.toString()));
        arguments.addAll(List.of(more));
        assertThat(there(arguments.toArray(String[]::new)).orThrow()).contains("user/" + user + ", good until");
        return out;
    }

    private Map<String, String> credentials(Path files, String user) {
        return Map.of(
                "WEFT_HOST", address(),
                "WEFT_CA", files.resolve("ca.crt").toString(),
                "WEFT_CERT", files.resolve(user + ".crt").toString(),
                "WEFT_KEY", files.resolve(user + ".key").toString());
    }

    private static String refused(Shell.Result result) {
        assertThat(result.exitCode()).as(result.stdout()).isNotZero();
        assertThat(result.stderr().strip().lines()).hasSize(1);
        return result.stderr().strip();
    }

    @Test
    void usersConnectByTcpWithARoleAndAreToldWhatIsWrong() throws IOException {
        LabHost host = cluster.host(1);
        Path files = issue("alice", "viewer");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.resolve("alice.key"))))
                .isEqualTo("rw-------");
        Map<String, String> alice = credentials(files, "alice");
        assertThat(on(host, alice, "node", "ls").orThrow()).contains("h1", "h2");
        assertThat(refused(on(host, alice, "network", "create", "-d", "overlay", "forbidden")))
                .contains("user alice has the role viewer", "needs operator");
        assertThat(refused(on(host, Map.of("WEFT_HOST", address()), "node", "ls")))
                .contains("needs a certificate", "--ca, --cert and --key");
        assertThat(refused(on(host, Map.of("WEFT_HOST", address(), "WEFT_INSECURE", "1"), "node", "ls")))
                .contains("cannot reach the control plane at " + address());

        // A configuration file says the same once for all.
        Path config = directory.resolve(".config/weft/config");
        Files.createDirectories(config.getParent());
        Files.writeString(
                config,
                "host = " + address() + "\nca = " + files.resolve("ca.crt") + "\ncert = " + files.resolve("alice.crt")
                        + "\nkey = " + files.resolve("alice.key") + "\n");
        assertThat(on(host, Map.of(), "node", "ls").orThrow()).contains("h1", "h2");
        Files.delete(config);

        // Another authority, on either side.
        assertThat(there("ca", "init", "--dir", directory.resolve("other").toString())
                        .orThrow())
                .contains("sha256:");
        assertThat(there(
                                "ca",
                                "issue",
                                "user",
                                "eve",
                                "--role",
                                "admin",
                                "--dir",
                                directory.resolve("other").toString(),
                                "--out",
                                directory.resolve("eve").toString())
                        .orThrow())
                .contains("user/eve");
        Map<String, String> eve = credentials(directory.resolve("eve"), "eve");
        assertThat(refused(on(host, eve, "node", "ls")))
                .contains("no secure connection to " + address(), "not of the authority that is trusted here");
        assertThat(refused(on(
                        host,
                        Map.of(
                                "WEFT_HOST", address(),
                                "WEFT_CA", files.resolve("ca.crt").toString(),
                                "WEFT_CERT", eve.getOrDefault("WEFT_CERT", ""),
                                "WEFT_KEY", eve.getOrDefault("WEFT_KEY", "")),
                        "node",
                        "ls")))
                .contains("is not of the authority in");

        assertThat(there("ca", "revoke", "user/alice").orThrow().strip()).isEqualTo("user/alice");
        Await.until(
                "the revocation to be known",
                PATIENCE,
                () -> on(host, alice, "node", "ls").stderr().contains("was revoked at"));
        assertThat(there("ca", "ls").orThrow()).contains("user/alice").contains("revoked 20");
    }

    /** A further process in a namespace of the lab, ended with the test. */
    private final class Running implements AutoCloseable {

        private final Process process;
        private final Path log;

        Running(LabHost host, Path log, List<String> arguments) throws IOException {
            this.log = log;
            List<String> command = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + host.namespace(), "--"));
            command.addAll(arguments);
            this.process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        }

        String log() {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void awaitLog(String text) {
            Await.until(text, PATIENCE, () -> log().contains(text), () -> "the log says:\n" + log());
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<String> daemon(LabHost host, String name, String controlPlane, String token, Path place) {
        List<String> command = new ArrayList<>(List.of(
                host.home().resolve("bin/weft-node").toString(),
                "--name",
                name,
                "--control-plane",
                controlPlane,
                "--underlay",
                host.address(),
                "--run-dir",
                place.resolve("run").toString(),
                "--state-dir",
                place.resolve("state").toString()));
        if (!token.isEmpty()) {
            command.addAll(List.of("--join", token));
        }
        return command;
    }

    /** A join that is refused; what the daemon says. */
    private String refusedJoin(LabHost host, String name, String controlPlane, String token) {
        Shell.Result result =
                host.exec(Duration.ofMinutes(1), daemon(host, name, controlPlane, token, directory.resolve("refused")));
        assertThat(result.exitCode()).as(result.stdout() + result.stderr()).isIn(1, 2);
        return result.stderr();
    }

    /** On a machine without a daemon of the lab's, with a control plane of its own whose certificates are short-lived. */
    @Test
    void aTokenIsGoodOnceAndWhatItGivesIsRenewedWithoutALostStream() throws IOException {
        LabHost host = cluster.lab().outside();
        Path place = directory.resolve("short");
        String address = control().address() + ":7500";
        try (Running controlPlane = new Running(
                control(),
                directory.resolve("short.log"),
                List.of(
                        control().home().resolve("bin/weft-control-plane").toString(),
                        "--listen",
                        address,
                        "--ca-dir",
                        cluster.lab().trust().authority().orElseThrow().toString(),
                        "--node-certificate-lifetime",
                        "20s",
                        "--run-dir",
                        place.resolve("cp-run").toString(),
                        "--state-dir",
                        place.resolve("cp-state").toString()))) {
            controlPlane.awaitLog("weft-control-plane ready");
            Map<String, String> local = Map.of("WEFT_HOST", "unix://" + place.resolve("cp-run/control-plane.sock"));
            String token = on(control(), local, "node", "token", "create", "--node", "h9")
                    .orThrow()
                    .strip();
            assertThat(refusedJoin(host, "h8", address, token)).contains("the token is for node h9, not for h8");
            assertThat(refusedJoin(host, "h9", address, "weft1.broken")).contains("cut short or damaged");
            String foreign = "weft1." + "A".repeat(43) + token.substring(49);
            assertThat(refusedJoin(host, "h9", address, foreign)).contains("not the one that the token was made for");
            assertThat(refusedJoin(host, "h9", address, ""))
                    .contains("has not joined the cluster", "weft node token create");
            assertThat(refused(on(control(), local, "node", "token", "create", "--ttl", "30d")))
                    .contains("lifetime", "seven days");

            try (Running daemon =
                    new Running(host, directory.resolve("h9.log"), daemon(host, "h9", address, token, place))) {
                daemon.awaitLog("accepted this node");
                assertThat(refusedJoin(host, "h9", address, token)).contains("the token was used at", "by node h9");

                Instant end = certificateEnd(place.resolve("state/private/node.pem"));
                daemon.awaitLog("certificate was renewed");
                Await.until(
                        "the first certificate to expire",
                        PATIENCE,
                        () -> Instant.now().isAfter(end.plusSeconds(5)));
                assertThat(on(control(), local, "node", "ls").orThrow())
                        .contains("h9")
                        .contains("in sync");
                assertThat(daemon.log().lines().filter(line -> line.contains("accepted this node")))
                        .as("one stream all along")
                        .hasSize(1);
                assertThat(daemon.log()).doesNotContain("no stream to the control plane");
            }
        }
    }

    private static Instant certificateEnd(Path file) {
        return PemFiles.certificates(file).getFirst().getNotAfter().toInstant();
    }

    @Test
    void aNodeThatIsRevokedIsOutUntilItJoinsAnew() throws IOException {
        LabHost host = cluster.host(2);
        Cluster.Workload workload = cluster.sandbox(host, "stays");
        LabProcess daemon = cluster.lab().daemon(host);
        there("ca", "revoke", "node/h2").orThrow();
        Await.until(
                "the daemon to say why it has no stream",
                PATIENCE,
                () -> daemon.log().contains("was revoked at"));
        assertThat(cluster.weft(cluster.host(1), "node", "inspect", "h2")).contains("\"Connected\": false");
        assertThat(workload.exec("true").succeeded())
                .as("what runs is not affected")
                .isTrue();

        daemon.terminate();
        String token = there("node", "token", "create", "--node", "h2", "--socket-role", "admin")
                .orThrow()
                .strip();
        List<String> command = new ArrayList<>(List.of(
                host.home().resolve("bin/weft-node").toString(),
                "--name",
                "h2",
                "--control-plane",
                address(),
                "--underlay",
                host.address(),
                "--run-dir",
                host.runDirectory().toString(),
                "--state-dir",
                host.stateDirectory().toString(),
                "--join",
                token));
        try (Running anew = new Running(host, directory.resolve("h2.log"), command)) {
            anew.awaitLog("accepted this node");
            cluster.weft(host, "sandbox", "rm", "stays");
        }
    }
}
