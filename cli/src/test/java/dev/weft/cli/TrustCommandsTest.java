package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.client.Credentials;
import dev.weft.cli.client.ServerAddress;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Certificates;
import dev.weft.trust.Identity;
import dev.weft.trust.PemFiles;
import dev.weft.trust.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done without a control plane: an authority, certificates by its directory, and whom to connect to with what. */
class TrustCommandsTest {

    @TempDir
    private Path directory;

    private final Console console = new Console("unix:///nowhere.sock");

    private String made(String name) {
        Path ca = directory.resolve(name);
        assertThat(console.run("ca", "init", "--dir", ca.toString()).exitCode()).isZero();
        return ca.toString();
    }

    @Test
    void anAuthorityIsMadeOnce() {
        String ca = made("ca");
        Console.Outcome again = console.run("ca", "init", "--dir", ca);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("ca.key exists", "nothing was written");
        assertThat(console.run("ca", "init", "--dir", ca, "--cluster-name", "a b")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void certificatesAreIssuedWithTheDirectory() throws IOException {
        String ca = made("ca");
        Path out = directory.resolve("out");
        Console.Outcome issued =
                console.run("ca", "issue", "user", "alice", "--role", "viewer", "--dir", ca, "--out", out.toString());
        assertThat(issued.err()).isEmpty();
        assertThat(issued.out()).contains("alice.crt: user/alice, good until");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve("alice.key"))))
                .isEqualTo("rw-------");
        assertThat(Certificates.identity(
                        PemFiles.certificates(out.resolve("alice.crt")).getFirst()))
                .isEqualTo(new Identity.User("alice", Role.VIEWER));
        assertThat(PemFiles.certificates(out.resolve("ca.crt")))
                .containsExactly(CertificateAuthority.open(Path.of(ca)).certificate());
        assertThat(console.run("ca", "issue", "user", "alice", "--role", "viewer", "--dir", ca, "--out", out.toString())
                        .err())
                .contains("alice.key exists");
        assertThat(console.run(
                                "ca",
                                "issue",
                                "control-plane",
                                "cp1",
                                "--server-name",
                                "10.0.0.1,cp.example",
                                "--dir",
                                ca,
                                "--out",
                                out.toString())
                        .out())
                .contains("control-plane/cp1");
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        String ca = made("ca");
        assertThat(console.run("ca", "issue", "user", "x", "--dir", ca).err()).contains("has a --role");
        assertThat(console.run("ca", "issue", "user", "x", "--role", "root", "--dir", ca)
                        .err())
                .contains("unknown role 'root'");
        assertThat(console.run("ca", "issue", "user", "a/b", "--role", "admin", "--dir", ca)
                        .err())
                .contains("invalid name");
        assertThat(console.run("ca", "issue", "control-plane", "cp", "--dir", ca)
                        .err())
                .contains("--server-name");
        assertThat(console.run("ca", "issue", "robot", "x").err()).contains("should be user or control-plane");
        assertThat(console.run(
                                "ca",
                                "issue",
                                "user",
                                "x",
                                "--role",
                                "admin",
                                "--dir",
                                directory.resolve("no").toString())
                        .err())
                .contains("weft ca init --dir");
    }

    @Test
    void tcpNeedsACertificateOrIsSaidToBeInsecure() {
        Console.Outcome outcome = console.run("-H", "127.0.0.1:1", "node", "ls");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("needs a certificate", "--insecure");
        assertThat(console.run("-H", "127.0.0.1:1", "--insecure", "node", "ls").err())
                .contains("cannot reach the control plane");
        assertThat(console.run("-H", "127.0.0.1:1", "--ca", "/x", "node", "ls").err())
                .contains("--cert is missing");
    }

    @Test
    void aCertificateThatCannotCountIsToldBeforeAnythingIsDialled() {
        String ca = made("ca");
        String other = made("other");
        String out = directory.resolve("out").toString();
        for (String[] user : new String[][] {{"alice", ca, "1s"}, {"bob", other, "1h"}}) {
            assertThat(console.run(
                                    "ca",
                                    "issue",
                                    "user",
                                    user[0],
                                    "--role",
                                    "viewer",
                                    "--dir",
                                    user[1],
                                    "--lifetime",
                                    user[2],
                                    "--out",
                                    out)
                            .exitCode())
                    .isZero();
        }
        Path authority = Path.of(ca, "ca.crt");
        Credentials.Certificate alice =
                new Credentials.Certificate(authority, Path.of(out, "alice.crt"), Path.of(out, "alice.key"));
        assertThatThrownBy(() -> dev.weft.cli.client.Connection.open(
                        new ServerAddress.Tcp("127.0.0.1", 1),
                        new Credentials.Certificate(authority, Path.of(out, "bob.crt"), Path.of(out, "bob.key")),
                        _ -> {}))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("is not of the authority in " + authority);
        assertThatThrownBy(() -> {
                    while (true) {
                        dev.weft.cli.client.Connection.open(new ServerAddress.Tcp("127.0.0.1", 1), alice, _ -> {})
                                .close();
                    }
                })
                .isInstanceOf(CliException.class)
                .hasMessageContaining("expired at")
                .hasMessageContaining("have another issued");
    }

    @Test
    void optionsGoBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
        Path config = Files.writeString(
                directory.resolve("config"), "# mine\nhost = a:1\nca = ca.crt\ncert=c.crt\nkey = /k.key\n");
        Map<String, String> environment = Map.of("WEFT_CONFIG", config.toString(), "WEFT_CERT", "/env.crt");
        ClientSettings settings = new ClientSettings(Map.of("host", "", "key", "/option.key"), environment);
        assertThat(settings.server()).isEqualTo(new ServerAddress.Tcp("a", 1));
        assertThat(settings.credentials())
                .isEqualTo(new Credentials.Certificate(
                        directory.resolve("ca.crt"), Path.of("/env.crt"), Path.of("/option.key")));
        assertThat(new ClientSettings(Map.of("insecure", "true"), environment).credentials())
                .isEqualTo(new Credentials.Insecure());
        assertThat(new ClientSettings(Map.of(), Map.of()).credentials()).isEqualTo(new Credentials.None());

        Files.writeString(config, "host = a:1\ncertificate = x\n");
        assertThatThrownBy(() -> new ClientSettings(Map.of(), environment))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("config:2: 'certificate = x' should be key = value");
        assertThatThrownBy(() -> new ClientSettings(Map.of(), Map.of("WEFT_CONFIG", "/nowhere/config")))
                .hasMessageContaining("/nowhere/config");
    }
}
