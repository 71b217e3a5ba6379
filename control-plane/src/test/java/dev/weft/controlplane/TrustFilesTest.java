package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.controlplane.config.TrustConfig;
import dev.weft.controlplane.distribution.FakeNode;
import dev.weft.controlplane.distribution.FakeNode.Behaviour;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.SecureControlPlane;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Identity;
import dev.weft.trust.KeyAndChain;
import dev.weft.trust.Keys;
import dev.weft.trust.PemFiles;
import dev.weft.trust.Role;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificate, key and authorities of a control plane are exchanged while it runs and has a node's stream. */
@Timeout(120)
final class TrustFilesTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private CertificateAuthority authority(String name) {
        return CertificateAuthority.init(directory.resolve(name), name, Instant.now());
    }

    private static void own(CertificateAuthority by, Path file) throws IOException {
        KeyPair keys = Keys.generate();
        X509Certificate certificate = by.issue(
                keys.getPublic(),
                new Identity.ControlPlane("cp"),
                List.of("127.0.0.1"),
                Instant.now(),
                Duration.ofHours(1));
        PemFiles.writePrivate(file, PemFiles.text(keys.getPrivate()) + PemFiles.text(List.of(certificate)));
    }

    private static Status.Code answer(ManagedChannel channel) {
        return Optional.ofNullable(catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> NodeServiceGrpc.newBlockingStub(channel)
                                .listNodes(ListNodesRequest.getDefaultInstance())))
                .map(e -> e.getStatus().getCode())
                .orElse(Status.Code.OK);
    }

    @Test
    void whatChangesCountsFromTheNextConnectionOnAndTheOthersStay() throws IOException {
        CertificateAuthority old = authority("old");
        CertificateAuthority next = authority("next");
        Path own = directory.resolve("own.pem");
        Path believed = directory.resolve("believed.pem");
        own(old, own);
        PemFiles.write(believed, PemFiles.text(List.of(old.certificate())));
        try (SecureControlPlane controlPlane = new SecureControlPlane(
                old,
                new TrustConfig.WithCertificate(own, own, believed, Optional.empty()),
                new StoreConfig.Sqlite(SqliteStoreConfig.in(directory.resolve("state"))),
                directory,
                0)) {
            FakeNode node = new FakeNode("h1", "192.0.2.1", controlPlane.node("h1"), Behaviour.APPLIES);
            node.dial();
            Await.until("in sync", SOON, () -> node.snapshots() == 1);
            KeyAndChain alice = SecureControlPlane.certificate(
                    next, new Identity.User("alice", Role.VIEWER), Instant.now(), Duration.ofHours(1));
            assertThat(answer(controlPlane.channel(Optional.of(alice), old.certificate(), "127.0.0.1")))
                    .as("of an authority that is not believed")
                    .isEqualTo(Status.Code.UNAVAILABLE);

            PemFiles.write(believed, PemFiles.text(List.of(old.certificate(), next.certificate())));
            assertThat(answer(controlPlane.channel(Optional.of(alice), old.certificate(), "127.0.0.1")))
                    .as("of one that came")
                    .isEqualTo(Status.Code.OK);
            assertThat(answer(controlPlane.user(Role.VIEWER))).isEqualTo(Status.Code.OK);

            own(next, own);
            assertThat(answer(controlPlane.channel(Optional.of(alice), next.certificate(), "127.0.0.1")))
                    .as("whoever believes the next one only")
                    .isEqualTo(Status.Code.OK);
            assertThat(answer(controlPlane.user(Role.VIEWER)))
                    .as("whoever believes the old one only")
                    .isEqualTo(Status.Code.UNAVAILABLE);

            PemFiles.write(believed, PemFiles.text(List.of(next.certificate())));
            KeyAndChain former = controlPlane.certificate(new Identity.User("bob", Role.VIEWER));
            assertThat(answer(controlPlane.channel(Optional.of(former), next.certificate(), "127.0.0.1")))
                    .as("of one that went")
                    .isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(node.ended())
                    .as("the stream that there was all the time")
                    .isEmpty();
            node.close();
        }
    }
}
