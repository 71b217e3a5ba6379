package dev.weft.controlplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.config.ConfigException;
import dev.weft.config.HostPort;
import dev.weft.controlplane.backup.Restore.Existing;
import dev.weft.controlplane.cluster.hazelcast.HazelcastGroupConfig;
import dev.weft.controlplane.config.ControlPlaneOptions.Request;
import dev.weft.controlplane.events.kafka.KafkaConfig;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.etcd.EtcdAddress;
import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.ops.LogFormat;
import dev.weft.ops.OperationsConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ControlPlaneOptionsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    /** With what every control plane has to say: how its port is protected. */
    private static ControlPlaneConfig config(String... arguments) {
        return unprotected(
                Stream.concat(Stream.of("--insecure"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static ControlPlaneConfig unprotected(String... arguments) {
        if (ControlPlaneOptions.parse(arguments) instanceof Request.Run(ControlPlaneConfig config)) {
            return config;
        }
        throw new AssertionError("no configuration");
    }

    private String file(String content) throws IOException {
        return Files.writeString(directory.resolve("weft.conf"), content).toString();
    }

    @Test
    void defaults() {
        assertThat(config())
                .isEqualTo(new ControlPlaneConfig(
                        new StoreConfig.Sqlite(SqliteStoreConfig.in(Path.of("/var/lib/weft/control-plane"))),
                        "weft",
                        Optional.of(new HostPort("0.0.0.0", 7400)),
                        Optional.empty(),
                        Path.of("/run/weft"),
                        Duration.ofMinutes(15),
                        insecure("/var/lib/weft/control-plane/audit.log"),
                        Optional.empty(),
                        Optional.empty(),
                        OperationsConfig.DEFAULT));
        assertThat(config().socket()).isEqualTo(Path.of("/run/weft/control-plane.sock"));
    }

    @Test
    void everyOption() {
        assertThat(config(
                        "--store",
                        "etcd",
                        "--etcd-endpoints",
                        "e1:2379, [::1]:2380",
                        "--etcd-prefix",
                        "/test/",
                        "--cluster-name",
                        "lab",
                        "--listen",
                        "[::1]:0",
                        "--http-listen",
                        "127.0.0.1:7401",
                        "--run-dir",
                        "/tmp/run",
                        "--leak-grace",
                        "90s",
                        "--metrics-listen",
                        "[::1]:7403",
                        "--log-format",
                        "json"))
                .isEqualTo(new ControlPlaneConfig(
                        new StoreConfig.Etcd(EtcdStoreConfig.of(
                                List.of(new EtcdAddress("e1", 2379), new EtcdAddress("::1", 2380)), "/test/")),
                        "lab",
                        Optional.of(new HostPort("::1", 0)),
                        Optional.of(new HostPort("127.0.0.1", 7401)),
                        Path.of("/tmp/run"),
                        Duration.ofSeconds(90),
                        insecure("/var/lib/weft/control-plane/audit.log"),
                        Optional.empty(),
                        Optional.empty(),
                        new OperationsConfig(
                                Optional.of(InetSocketAddress.createUnresolved("::1", 7403)), LogFormat.JSON)));
        assertThat(config("--state-dir", "/tmp/state").store())
                .isEqualTo(new StoreConfig.Sqlite(SqliteStoreConfig.in(Path.of("/tmp/state"))));
    }

    private static TrustConfig insecure(String auditLog) {
        return new TrustConfig(new TrustConfig.Insecure(), Optional.of(Path.of(auditLog)), Duration.ofDays(30));
    }

    @Test
    void aPortIsProtectedUnlessThatIsSaidNotToBe() {
        assertThatThrownBy(() -> unprotected("--listen", "10.0.0.1:7400"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("option listen: nothing protects this port")
                .hasMessageContaining("weft ca init")
                .hasMessageContaining("--insecure");
        assertThatThrownBy(() -> unprotected("--listen", "none", "--http-listen", "127.0.0.1:1"))
                .hasMessageContaining("nothing protects this port");
        assertThat(unprotected("--listen", "none").listen()).isEmpty();
        assertThat(unprotected("--ca-dir", "/ca", "--server-name", "a.example, 10.0.0.9")
                        .trust()
                        .security())
                .isEqualTo(new TrustConfig.WithAuthority(
                        Path.of("/ca"), List.of("a.example", "10.0.0.9"), Optional.empty()));
        assertThat(unprotected("--tls-cert", "/c", "--tls-key", "/k", "--tls-ca", "/a")
                        .trust()
                        .security())
                .isEqualTo(
                        new TrustConfig.WithCertificate(Path.of("/c"), Path.of("/k"), Path.of("/a"), Optional.empty()));
        assertThatThrownBy(() -> unprotected("--tls-cert", "/c")).hasMessageContaining("option tls-key");
        assertThatThrownBy(() -> unprotected("--tls-cert", "/c", "--tls-key", "/k"))
                .hasMessageContaining("option tls-ca: say whose certificates count");
        assertThatThrownBy(() -> unprotected("--insecure", "--ca-dir", "/ca")).hasMessageContaining("option insecure");
        assertThatThrownBy(() -> unprotected("--ca-dir", "/ca", "--node-certificate-lifetime", "5s"))
                .hasMessageContaining("option node-certificate-lifetime: 5s should be 10s or more");
    }

    @Test
    void everyOptionOfTheCluster() {
        assertThat(config(
                                "--store=etcd",
                                "--cluster-name=lab",
                                "--cluster-listen=10.9.0.1:7500",
                                "--cluster-member=10.9.0.1:7500, [fd00::2]:7500")
                        .cluster())
                .contains(
                        new HazelcastGroupConfig("lab", "10.9.0.1", 7500, List.of("10.9.0.1:7500", "[fd00::2]:7500")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--store=sqlite --cluster-listen=10.9.0.1:7500 --cluster-member=10.9.0.2:7500 | need --store etcd",
                "--store=etcd --cluster-listen=0.0.0.0:7500 --cluster-member=10.9.0.2:7500 | means every interface",
                "--store=etcd --cluster-listen=[::]:7500 --cluster-member=10.9.0.2:7500 | means every interface",
                "--store=etcd --cluster-listen=10.9.0.1:0 --cluster-member=10.9.0.2:7500 | 1 to 65534",
                "--store=etcd --cluster-listen=10.9.0.1:65535 --cluster-member=10.9.0.2:7500 | 1 to 65534",
                "--store=etcd --cluster-listen=10.9.0.1:7500 | option cluster-member",
                "--store=etcd --cluster-listen=10.9.0.1:7500 --cluster-member=10.9.0.2 | option cluster-member",
                "--store=etcd --cluster-member=10.9.0.2:7500 | needs --cluster-listen",
            })
    void aClusterThatCannotBeIsRefused(String arguments, String why) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ControlPlaneOptions.parse(("--insecure " + arguments).split(" ", -1)))
                .withMessageContaining(why);
    }

    @Test
    void everyOptionOfKafka() {
        assertThat(config("--kafka-bootstrap-servers=k1:9092,k2:9092", "--cluster-name=lab")
                        .kafka())
                .contains(KafkaConfig.of("k1:9092,k2:9092", "lab"));
        assertThat(config(
                                "--kafka-bootstrap-servers=k1:9092",
                                "--kafka-log-topic=log",
                                "--kafka-state-topic=state",
                                "--kafka-replication=3",
                                "--kafka-log-retention=24",
                                "--kafka-client-properties=/dev/null")
                        .kafka())
                .contains(new KafkaConfig(
                        "k1:9092",
                        "weft",
                        "log",
                        "state",
                        Optional.of((short) 3),
                        Duration.ofDays(1),
                        Optional.of(Path.of("/dev/null"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--kafka-log-topic=a/b                  | option kafka-log-topic: invalid topic 'a/b'",
                "--kafka-state-topic=..                 | option kafka-state-topic: invalid topic '..'",
                "--kafka-state-topic=weft.events        | need a topic each",
                "--kafka-replication=-1                 | option kafka-replication: -1 should be 0 or more",
                "--kafka-log-retention=0                | option kafka-log-retention: 0 should be 1 hour or more",
                "--kafka-client-properties=/nowhere/x   | option kafka-client-properties: cannot read /nowhere/x",
            })
    void badKafkaSettingsFailTheStart(String argument, String message) {
        assertThatThrownBy(() -> config("--kafka-bootstrap-servers=k:1", argument))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> config("--kafka-bootstrap-servers=k:1,k2"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("option kafka-bootstrap-servers: invalid address 'k2'");
    }

    @Test
    void theCommandLineGoesBeforeTheFileAndTheFileBeforeTheDefaults() throws IOException {
        String file = file("# a comment\n\nlisten = 127.0.0.1:1\nrun-dir=/tmp/from-file\n");

        ControlPlaneConfig config = config("--config", file, "--listen", "127.0.0.1:2");
        assertThat(config.listen()).contains(new HostPort("127.0.0.1", 2));
        assertThat(config.runDirectory()).isEqualTo(Path.of("/tmp/from-file"));
        assertThat(config.clusterName()).isEqualTo("weft");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lissten = 127.0.0.1:1          | :1: unknown key 'lissten'",
                "config = /etc/other            | :1: unknown key 'config'",
                "listen                         | :1: 'listen' should be key = value",
                "listen = x                     | option listen: invalid address 'x'",
                "store = oracle                 | option store: unknown store 'oracle'",
            })
    void aBadFileFailsTheStart(String content, String message) throws IOException {
        String file = file(content + "\n");

        assertThatThrownBy(() -> config("--config", file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aKeyTwiceAMissingFileAndOneThatIsNoText() throws IOException {
        String twice = file("listen = a:1\nlisten = a:2\n");
        assertThatThrownBy(() -> config("--config", twice)).hasMessageContaining(":2: key 'listen' is given twice");
        assertThatThrownBy(() -> config("--config", directory.resolve("none").toString()))
                .hasMessageContaining("does not exist");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xFF, (byte) 0xFE});
        assertThatThrownBy(() -> config("--config", binary.toString())).hasMessageContaining("is not UTF-8 text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen=host:port            | the port should be a number",
                "--listen=host:70000           | port 70000 is not within 0 to 65535",
                "--listen=::1:80               | an IPv6 address stands in brackets",
                "--listen=:80                  | the host is empty",
                "--store=mysql                 | it should be sqlite or etcd",
                "--leak-grace=0s              | option leak-grace: invalid duration '0s'",
                "--leak-grace=15              | it should be a number from 1 to 99999 and s, m or h",
                "--cluster-name=a/b            | invalid name 'a/b'",
                "--nonsense                    | Unknown option: '--nonsense'",
                "surplus                       | Unmatched argument at index 1: 'surplus'",
            })
    void aBadOptionFailsTheStart(String argument, String message) {
        assertThatThrownBy(() -> config(argument))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void badEtcdSettingsFailTheStart() {
        assertThatThrownBy(() -> config("--store=etcd", "--etcd-endpoints=http://x:2379"))
                .hasMessageContaining("option etcd-endpoints");
        assertThatThrownBy(() -> config("--store=etcd", "--etcd-endpoints=")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> config("--store=etcd", "--etcd-prefix=weft"))
                .hasMessageContaining("option etcd-prefix");
    }

    @Test
    void backupAndRestoreTakeTheStoresOptionsAndTheSameFile() throws IOException {
        StoreConfig sqlite = new StoreConfig.Sqlite(SqliteStoreConfig.in(Path.of("/tmp/state")));
        assertThat(ControlPlaneOptions.parse("backup", "--state-dir=/tmp/state", "weft.bak"))
                .isEqualTo(new Request.Backup(sqlite, Path.of("weft.bak")));
        String file = file("listen = 127.0.0.1:1\nstate-dir = /tmp/state\nleak-grace = 1h\n");
        assertThat(ControlPlaneOptions.parse("restore", "weft.bak", "--config", file, "--force"))
                .isEqualTo(new Request.Restore(sqlite, Path.of("weft.bak"), Existing.REPLACE));
        assertThat(ControlPlaneOptions.parse("restore", "--store", "etcd", "--etcd-endpoints", "e1:2379", "weft.bak"))
                .isEqualTo(new Request.Restore(
                        new StoreConfig.Etcd(EtcdStoreConfig.of(
                                List.of(new EtcdAddress("e1", 2379)), EtcdStoreConfig.DEFAULT_PREFIX)),
                        Path.of("weft.bak"),
                        Existing.REFUSE));
        assertThat(ControlPlaneOptions.parse("restore", "--help"))
                .isInstanceOfSatisfying(
                        Request.Print.class, print -> assertThat(print.text()).contains("--force", "--state-dir"));
        for (String command : List.of("backup", "restore")) {
            assertThatThrownBy(() -> ControlPlaneOptions.parse(command))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("Missing required parameter: 'FILE'");
        }
        assertThatThrownBy(() -> ControlPlaneOptions.parse("backup", "--listen=127.0.0.1:1", "weft.bak"))
                .hasMessageContaining("Unknown option: '--listen=127.0.0.1:1'");
        assertThatThrownBy(() -> ControlPlaneOptions.parse("backup", "--store=mysql", "weft.bak"))
                .hasMessageContaining("it should be sqlite or etcd");
    }

    @Test
    void helpAndVersionAreTexts() {
        assertThat(ControlPlaneOptions.parse("--help"))
                .isInstanceOfSatisfying(
                        Request.Print.class, print -> assertThat(print.text()).contains("--etcd-endpoints"));
        assertThat(ControlPlaneOptions.parse("--version")).isInstanceOf(Request.Print.class);
    }
}
