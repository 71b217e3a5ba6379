package dev.weft.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateAuthorityTest {

    private static final Instant NOW = Instant.now().minusSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private CertificateAuthority authority(String name) {
        return CertificateAuthority.init(directory.resolve(name), "test", NOW);
    }

    private static X509Certificate issued(CertificateAuthority authority, Identity identity, String... serverNames) {
        return authority.issue(Keys.generate().getPublic(), identity, List.of(serverNames), NOW, Duration.ofDays(1));
    }

    @Test
    void anAuthorityIsItsOwnersAndIsNeverReplaced() throws IOException {
        Path ca = directory.resolve("ca");
        CertificateAuthority made = CertificateAuthority.init(ca, "test", NOW);
        assertThat(mode(ca)).isEqualTo("rwx------");
        assertThat(mode(ca.resolve("ca.key"))).isEqualTo("rw-------");
        assertThatThrownBy(() -> CertificateAuthority.init(ca, "test", NOW))
                .isInstanceOf(TrustException.class)
                .hasMessageContaining("ca.key exists")
                .hasMessageContaining("nothing was written");
        assertThat(CertificateAuthority.open(ca).certificate()).isEqualTo(made.certificate());
        assertThatThrownBy(() -> CertificateAuthority.open(directory.resolve("none")))
                .hasMessageContaining("weft ca init --dir");
    }

    @Test
    void aKeyThatOthersCanReadIsNotUsed() throws IOException {
        Path ca = directory.resolve("ca");
        var unused = CertificateAuthority.init(ca, "test", NOW);
        Files.setPosixFilePermissions(ca.resolve("ca.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> CertificateAuthority.open(ca)).hasMessageContaining("chmod 600");
    }

    @Test
    void aCertificateSaysWhomItIsForAndForWhatItIsGood() throws Exception {
        CertificateAuthority authority = authority("ca");
        X509Certificate server =
                issued(authority, new Identity.ControlPlane("cp1"), "cp.example", "192.0.2.2", "fd99::2");
        server.verify(authority.certificate().getPublicKey());
        assertThat(server.getVersion()).isEqualTo(3);
        assertThat(server.getBasicConstraints()).as("not an authority").isEqualTo(-1);
        assertThat(server.getKeyUsage()[0]).as("digital signature").isTrue();
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(server.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactly("weft://control-plane/cp1", "cp.example", "192.0.2.2", "fd99:0:0:0:0:0:0:2");

        X509Certificate node = issued(authority, new Identity.Node("h1", Optional.of(Role.ADMIN)));
        assertThat(node.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(Certificates.identity(node)).isEqualTo(new Identity.Node("h1", Optional.of(Role.ADMIN)));
        assertThat(Certificates.serial(node)).matches("[0-9a-f]{32}").isNotEqualTo(Certificates.serial(server));
        assertThatThrownBy(() -> issued(authority, new Identity.User("x", Role.ADMIN), "cp.example"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clientsAreBelievedByTheirAuthorityOnly() throws Exception {
        CertificateAuthority own = authority("own");
        CertificateAuthority foreign = authority("foreign");
        var believed = TrustManagers.ofClients(() -> List.of(own.certificate()));
        Identity user = new Identity.User("alice", Role.VIEWER);
        believed.checkClientTrusted(new X509Certificate[] {issued(own, user)}, "UNKNOWN");
        // Its time is looked at with each call.
        believed.checkClientTrusted(
                new X509Certificate[] {
                    own.issue(
                            Keys.generate().getPublic(),
                            user,
                            List.of(),
                            NOW.minus(Duration.ofDays(9)),
                            Duration.ofDays(1))
                },
                "UNKNOWN");
        assertThatThrownBy(() -> believed.checkClientTrusted(new X509Certificate[] {issued(foreign, user)}, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
        // The authority's own certificate is nobody's; neither is one that only claims the authority's name.
        assertThatThrownBy(() -> believed.checkClientTrusted(new X509Certificate[] {own.certificate()}, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> believed.checkServerTrusted(
                        new X509Certificate[] {issued(own, new Identity.ControlPlane("cp"), "x")}, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void identitiesReadBackAndNothingElseDoes() {
        for (Identity identity : List.of(
                new Identity.ControlPlane("cp-1.example"),
                new Identity.Node("h1", Optional.empty()),
                new Identity.Node("h1", Optional.of(Role.OPERATOR)),
                new Identity.User("alice", Role.VIEWER))) {
            assertThat(Identity.parse(identity.uri())).isEqualTo(identity);
        }
        for (String text : List.of(
                "",
                "weft://user/alice",
                "weft://user/alice?role=root",
                "weft://control-plane/cp?role=admin",
                "weft://node/",
                "weft://node/a/b",
                "weft://node/h1?role=admin&role=viewer",
                "weft://node/h1?role=admin#x",
                "weft://robot/h1",
                "spiffe://node/h1",
                "weft://node/" + "x".repeat(64))) {
            assertThatThrownBy(() -> Identity.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aTokenNamesItsAuthorityAndHidesItsSecret() {
        CertificateAuthority authority = authority("ca");
        JoinToken token = JoinToken.create(authority.certificate());
        JoinToken read = JoinToken.parse(" " + token.text() + "\n");
        assertThat(read.secret()).isEqualTo(token.secret());
        assertThat(read.isOf(authority.certificate())).isTrue();
        assertThat(read.isOf(authority("other").certificate())).isFalse();
        assertThat(token.toString()).doesNotContain(token.secret());
        assertThat(JoinToken.hash(token.secret())).hasSize(64).doesNotContain(token.secret());
        for (String text : List.of("", "weft1", token.text().substring(1), token.text() + ".x", "weft1.a.b")) {
            assertThatThrownBy(() -> JoinToken.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void signingRequestsProveTheirKey() {
        KeyPair keys = Keys.generate();
        byte[] request = SigningRequests.create(keys);
        assertThat(SigningRequests.publicKey(request)).isEqualTo(keys.getPublic());
        for (int i = 0; i < request.length; i++) {
            byte[] spoilt = request.clone();
            spoilt[i] ^= 0x55;
            assertThatThrownBy(() -> SigningRequests.publicKey(spoilt))
                    .as("byte %d", i)
                    .isInstanceOf(TrustException.class);
        }
        assertThatThrownBy(() -> SigningRequests.publicKey(new byte[5000])).hasMessageContaining("at most 4096");
    }

    @Test
    void filesThatChangeAreReadAgainAndBadOnesAreNot() throws IOException {
        CertificateAuthority authority = authority("ca");
        Path file = directory.resolve("own.pem");
        KeyPair first = Keys.generate();
        X509Certificate one = authority.issue(
                first.getPublic(), new Identity.ControlPlane("one"), List.of("x"), NOW, Duration.ofDays(1));
        PemFiles.writePrivate(file, PemFiles.text(first.getPrivate()) + PemFiles.text(List.of(one)));
        List<String> problems = new ArrayList<>();
        FileSource<KeyAndChain> source = FileSource.keyAndChain(file, file, problems::add);
        assertThat(source.get().certificate()).isEqualTo(one);

        KeyPair second = Keys.generate();
        X509Certificate two = authority.issue(
                second.getPublic(), new Identity.ControlPlane("two"), List.of("x"), NOW, Duration.ofDays(1));
        PemFiles.writePrivate(file, PemFiles.text(first.getPrivate()) + PemFiles.text(List.of(two)));
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(NOW.plusSeconds(7)));
        assertThat(source.get().certificate())
                .as("key and certificate do not fit")
                .isEqualTo(one);
        assertThat(source.get().certificate()).isEqualTo(one);
        assertThat(problems).as("told once").singleElement().asString().contains("is not that of the certificate");

        PemFiles.writePrivate(file, PemFiles.text(second.getPrivate()) + PemFiles.text(List.of(two)));
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(NOW.plusSeconds(9)));
        assertThat(source.get().certificate()).isEqualTo(two);
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void whomToBelieveIsReadAgainToo() throws Exception {
        CertificateAuthority one = authority("ca");
        CertificateAuthority other = authority("other");
        Path file = directory.resolve("bundle.pem");
        PemFiles.write(file, PemFiles.text(List.of(one.certificate())));
        List<String> problems = new ArrayList<>();
        FileSource<List<X509Certificate>> source = FileSource.certificates(file, problems::add);
        var ofClients = TrustManagers.ofClients(source);
        var ofServers = TrustManagers.ofServers(source);
        X509Certificate[] client = {
            other.issue(
                    Keys.generate().getPublic(),
                    new Identity.User("alice", Role.VIEWER),
                    List.of(),
                    Instant.now(),
                    Duration.ofDays(1))
        };
        X509Certificate[] server = {
            other.issue(
                    Keys.generate().getPublic(),
                    new Identity.ControlPlane("cp"),
                    List.of("x"),
                    Instant.now(),
                    Duration.ofDays(1))
        };
        // Without one it is not looked at which name was dialled.
        @Nullable SSLEngine engine = null;
        assertThatThrownBy(() -> ofClients.checkClientTrusted(client, "ECDSA"))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> ofServers.checkServerTrusted(server, "UNKNOWN", engine))
                .isInstanceOf(CertificateException.class);

        PemFiles.write(file, PemFiles.text(List.of(one.certificate(), other.certificate())));
        ofClients.checkClientTrusted(client, "ECDSA");
        ofServers.checkServerTrusted(server, "UNKNOWN", engine);

        Files.writeString(file, "cut short");
        ofClients.checkClientTrusted(client, "ECDSA");
        assertThat(problems).hasSize(1);

        PemFiles.write(file, PemFiles.text(List.of(one.certificate())));
        assertThatThrownBy(() -> ofClients.checkClientTrusted(client, "ECDSA"))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> ofServers.checkServerTrusted(server, "UNKNOWN", engine))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void aKeyPairReadsBack() throws IOException {
        KeyPair keys = Keys.generate();
        Path file = directory.resolve("joining.key");
        Keys.write(file, keys);
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(Keys.read(file).getPublic()).isEqualTo(keys.getPublic());
    }
}
