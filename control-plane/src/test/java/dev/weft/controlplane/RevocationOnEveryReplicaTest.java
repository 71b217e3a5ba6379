package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.controlplane.distribution.FakeNode;
import dev.weft.controlplane.distribution.FakeNode.Behaviour;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.etcd.EtcdAddress;
import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.EtcdServer;
import dev.weft.controlplane.testing.SecureControlPlane;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Identity;
import dev.weft.trust.KeyAndChain;
import dev.weft.trust.Role;
import dev.weft.trust.v1.RevokeCertificateRequest;
import dev.weft.trust.v1.TrustServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas over one etcd. */
@Tag("etcd")
@Timeout(180)
final class RevocationOnEveryReplicaTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void whatIsRevokedThroughOneReplicaIsOutOfTheOther(@TempDir Path directory) throws IOException {
        CertificateAuthority authority = CertificateAuthority.init(directory.resolve("ca"), "test", Instant.now());
        try (EtcdServer etcd = EtcdServer.start();
                SecureControlPlane one = replica(authority, directory, etcd, "one");
                SecureControlPlane other = replica(authority, directory, etcd, "other")) {
            KeyAndChain certificate = one.certificate(new Identity.Node("h1", Optional.empty()));
            FakeNode node = new FakeNode("h1", "192.0.2.1", other.channel(certificate), Behaviour.APPLIES);
            node.dial();
            Await.until("in sync", SOON, () -> node.snapshots() == 1);

            assertThat(TrustServiceGrpc.newBlockingStub(one.user(Role.ADMIN))
                            .revokeCertificate(RevokeCertificateRequest.newBuilder()
                                    .setCertificate("node/h1")
                                    .build())
                            .getRevoked())
                    .isEqualTo("node/h1");
            Await.until(
                    "the other replica to close the stream",
                    SOON,
                    () -> node.ended().isPresent());
            for (SecureControlPlane replica : List.of(one, other)) {
                StatusRuntimeException refusal = catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> NodeServiceGrpc.newBlockingStub(replica.channel(certificate))
                                .listNodes(ListNodesRequest.getDefaultInstance()));
                assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
                assertThat(refusal.getStatus().getDescription()).contains("was revoked at");
            }
            node.close();
        }
    }

    private static SecureControlPlane replica(
            CertificateAuthority authority, Path directory, EtcdServer etcd, String name) throws IOException {
        return new SecureControlPlane(
                authority,
                directory.resolve("ca"),
                new StoreConfig.Etcd(EtcdStoreConfig.of(
                        List.of(EtcdAddress.parse(etcd.clientAddress())), EtcdStoreConfig.DEFAULT_PREFIX)),
                directory.resolve(name),
                0);
    }
}
