package dev.weft.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.config.ConfigException;
import dev.weft.config.HostPort;
import dev.weft.net.IpAddress;
import dev.weft.node.config.NodeOptions.Request;
import dev.weft.ops.LogFormat;
import dev.weft.ops.OperationsConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeOptionsTest {

    @TempDir
    private Path directory;

    private static NodeConfig config(String... arguments) {
        return ((Request.Run) NodeOptions.parse(arguments)).config();
    }

    private String file(String... lines) throws IOException {
        Path file = directory.resolve("node.conf");
        Files.writeString(file, String.join("\n", lines) + "\n");
        return file.toString();
    }

    private static String refusal(String... arguments) {
        ConfigException[] thrown = new ConfigException[1];
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> NodeOptions.parse(arguments))
                .satisfies(e -> thrown[0] = e);
        return String.valueOf(thrown[0].getMessage());
    }

    @Test
    void defaults() throws IOException {
        NodeConfig config = config();
        assertThat(config.name())
                .isEqualTo(
                        Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        assertThat(config.controlPlane())
                .isEqualTo(new ControlPlaneAddress.Replicas(List.of(new HostPort("127.0.0.1", 7400))));
        assertThat(config.underlay()).isEmpty();
        assertThat(config.underlayMtu()).isEmpty();
        assertThat(config.runDirectory()).isEqualTo(Path.of("/run/weft"));
        assertThat(config.stateDirectory()).isEqualTo(Path.of("/var/lib/weft/node"));
        assertThat(config.operations()).isEqualTo(OperationsConfig.DEFAULT);
    }

    @Test
    void whereOperatorsLookAndHowItLogs() throws IOException {
        OperationsConfig expected =
                new OperationsConfig(Optional.of(InetSocketAddress.createUnresolved("::1", 7404)), LogFormat.JSON);
        assertThat(config("--metrics-listen", "[::1]:7404", "--log-format", "json")
                        .operations())
                .isEqualTo(expected);
        assertThat(config("--config", file("metrics-listen = [::1]:7404", "log-format = json"))
                        .operations())
                .isEqualTo(expected);
        assertThat(refusal("--log-format", "xml")).contains("--log-format 'xml'", "it should be text or json");
        assertThat(refusal("--metrics-listen", "7404")).contains("--metrics-listen '7404'");
    }

    @Test
    void everythingCanBeSetInTheFile() throws IOException {
        NodeConfig config = config(
                "--config",
                file(
                        "# a node",
                        "name = n1",
                        "",
                        "control-plane = [2001:db8::1]:7401",
                        "underlay=192.0.2.7",
                        "underlay-mtu = 9000",
                        "run-dir = /tmp/r",
                        "state-dir = /tmp/s"));
        assertThat(config.name()).isEqualTo("n1");
        assertThat(config.controlPlane())
                .isEqualTo(new ControlPlaneAddress.Replicas(List.of(new HostPort("2001:db8::1", 7401))));
        assertThat(config.underlay()).contains(IpAddress.parse("192.0.2.7"));
        assertThat(config.underlayMtu()).contains(9000);
        assertThat(config.runDirectory()).isEqualTo(Path.of("/tmp/r"));
        assertThat(config.stateDirectory()).isEqualTo(Path.of("/tmp/s"));
    }

    @Test
    void theControlPlaneMayHaveSeveralAddressesEachOnce() {
        assertThat(config("--control-plane", "cp1:7400, [2001:db8::1]:7401").controlPlane())
                .isEqualTo(new ControlPlaneAddress.Replicas(
                        List.of(new HostPort("cp1", 7400), new HostPort("2001:db8::1", 7401))));
        assertThat(refusal("--control-plane", "cp1:7400,cp1:7400")).contains("twice");
        assertThat(refusal("--control-plane", "cp1:7400,")).contains("invalid --control-plane: invalid address ''");
    }

    @Test
    void theCommandLineWinsOverTheFile() throws IOException {
        assertThat(config("--config", file("name = n1", "underlay-mtu = 9000"), "--name", "n2"))
                .satisfies(config -> {
                    assertThat(config.name()).isEqualTo("n2");
                    assertThat(config.underlayMtu()).contains(9000);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "--name, -n",
        "--name, ''",
        "--name, a/b",
        "--control-plane, host",
        "--control-plane, host:0",
        "--control-plane, host:70000",
        "--control-plane, 2001:db8::1:7400",
        "--underlay, 10.0.0",
        "--underlay, 127.0.0.1",
        "--underlay, 224.0.0.1",
        "--underlay, 0.0.0.0",
        "--underlay, fe80::1",
        "--underlay-mtu, 575",
        "--underlay-mtu, 65536",
        "--underlay-mtu, many",
    })
    void aBadValueIsRefusedAndTheOptionNamed(String option, String value) throws IOException {
        assertThat(refusal(option + "=" + value)).contains(option);
        // In the file the same value has the same name.
        assertThat(refusal("--config", file(option.substring(2) + " = " + value)))
                .contains(option);
    }

    @Test
    void anUnknownKeyIsRefusedWithItsPlaceAndTheKnownOnes() throws IOException {
        String file = file("name = n1", "control_plane = a:1");
        assertThat(refusal("--config", file))
                .contains(file + ":2")
                .contains("'control_plane'")
                .contains("control-plane");
        assertThat(refusal("--config", file("config = other"))).contains("'config'");
        assertThat(refusal("--nmae", "n1")).contains("--nmae");
        assertThat(refusal("n1")).contains("n1");
    }

    @Test
    void aLineThatMakesNoSenseIsRefusedWithItsPlace() throws IOException {
        assertThat(refusal("--config", file("name"))).contains(":1").contains("key = value");
        assertThat(refusal("--config", file("name = a", "name = b")))
                .contains(":2")
                .contains("'name'")
                .contains("twice");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        assertThat(refusal("--config", directory.resolve("none").toString()))
                .contains(directory.resolve("none").toString());
    }

    @Test
    void helpAndVersionNeedNothingElse() {
        assertThat(NodeOptions.parse("--help"))
                .isInstanceOfSatisfying(
                        Request.Print.class, print -> assertThat(print.text()).contains("--control-plane"));
        assertThat(NodeOptions.parse("--version"))
                .isInstanceOfSatisfying(
                        Request.Print.class, print -> assertThat(print.text()).startsWith("weft-node "));
    }

    @Test
    void howTheControlPlaneIsKnown() {
        String token = "weft1." + "A".repeat(43) + "." + "s".repeat(22);
        assertThat(config("--name", "h1").security()).isEqualTo(new Security.Certificates(Optional.empty()));
        assertThat(config("--name", "h1", "--insecure").security()).isEqualTo(new Security.None());
        assertThat(config("--name", "h1", "--join", token).security())
                .isInstanceOfSatisfying(
                        Security.Certificates.class,
                        with -> assertThat(with.token().orElseThrow().text()).isEqualTo(token));
        assertThat(config("--name", "h1", "--control-plane", "unix:///run/weft/control-plane.sock"))
                .satisfies(config -> {
                    assertThat(config.controlPlane())
                            .isEqualTo(new ControlPlaneAddress.UnixSocket(Path.of("/run/weft/control-plane.sock")));
                    assertThat(config.security()).isEqualTo(new Security.None());
                });
        assertThatThrownBy(() -> config("--name", "h1", "--control-plane", "unix://run"))
                .hasMessageContaining("the path after unix:// must be absolute");
        assertThatThrownBy(() -> config("--name", "h1", "--insecure", "--join", token))
                .hasMessageContaining("--join and --insecure do not go together");
        assertThatThrownBy(() -> config("--name", "h1", "--join", "weft1.secret-half"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cut short or damaged")
                .hasMessageNotContaining("secret-half");
    }
}
