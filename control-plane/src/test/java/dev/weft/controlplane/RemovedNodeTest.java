package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.weft.api.v1.GetNodeRequest;
import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.RemoveNodeRequest;
import dev.weft.controlplane.distribution.FakeNode;
import dev.weft.controlplane.distribution.FakeNode.Behaviour;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.SecureControlPlane;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.JoinToken;
import dev.weft.trust.KeyAndChain;
import dev.weft.trust.Keys;
import dev.weft.trust.PemFiles;
import dev.weft.trust.Role;
import dev.weft.trust.SigningRequests;
import dev.weft.trust.v1.CreateJoinTokenRequest;
import dev.weft.trust.v1.CreateJoinTokenResponse;
import dev.weft.trust.v1.JoinRequest;
import dev.weft.trust.v1.JoinResponse;
import dev.weft.trust.v1.RenewRequest;
import dev.weft.trust.v1.TrustServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that was removed from the cluster: nothing that it has is good for anything any more, until it joins anew. */
@Timeout(180)
final class RemovedNodeTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final SecureControlPlane controlPlane;
    private final ManagedChannel admin;
    private final ManagedChannel removed;
    private final FakeNode h1;
    private final FakeNode h2;

    RemovedNodeTest(@TempDir Path directory) throws IOException {
        CertificateAuthority authority = CertificateAuthority.init(directory.resolve("ca"), "test", Instant.now());
        controlPlane = new SecureControlPlane(
                authority,
                directory.resolve("ca"),
                new StoreConfig.Sqlite(SqliteStoreConfig.in(directory.resolve("state"))),
                directory,
                0);
        admin = controlPlane.user(Role.ADMIN);
        removed = controlPlane.node("h1");
        h1 = new FakeNode("h1", "192.0.2.1", controlPlane.node("h1"), Behaviour.APPLIES);
        h2 = new FakeNode("h2", "192.0.2.2", controlPlane.node("h2"), Behaviour.APPLIES);
    }

    @BeforeEach
    void nodesAreThere() {
        h1.dial();
        h2.dial();
        Await.until("in sync", SOON, () -> h1.snapshots() == 1 && h2.snapshots() == 1);
    }

    @AfterEach
    void close() {
        h1.close();
        h2.close();
        controlPlane.close();
    }

    @Test
    void itIsOutUntilItJoinsAnew() throws Exception {
        ManagedChannel kept = controlPlane.node("h1");
        assertThat(NodeServiceGrpc.newBlockingStub(kept)
                        .getNode(GetNodeRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("h1");
        assertThat(NodeServiceGrpc.newBlockingStub(admin)
                        .removeNode(RemoveNodeRequest.newBuilder()
                                .setNode("h1")
                                .setForce(true)
                                .build())
                        .getName())
                .isEqualTo("h1");
        Await.until("its stream to end", SOON, () -> h1.ended().isPresent());

        for (ManagedChannel channel : List.of(kept, removed)) {
            refusedAsRemoved(
                    () -> NodeServiceGrpc.newBlockingStub(channel).listNodes(ListNodesRequest.getDefaultInstance()));
            refusedAsRemoved(() -> TrustServiceGrpc.newBlockingStub(channel)
                    .renew(RenewRequest.newBuilder()
                            .setSigningRequest(ByteString.copyFrom(SigningRequests.create(Keys.generate())))
                            .build()));
            FakeNode again = new FakeNode("h1", "192.0.2.1", channel, Behaviour.APPLIES);
            again.dial();
            Await.until("its stream to end", SOON, () -> again.ended().isPresent());
            assertThat(again.epoch()).isZero();
            assertThat(again.rows()).isEmpty();
            again.close();
        }
        assertThat(NodeServiceGrpc.newBlockingStub(admin)
                        .listNodes(ListNodesRequest.getDefaultInstance())
                        .getNodesList())
                .extracting(Node::getName)
                .containsExactly("h2");
        assertThat(h2.ended()).as("another's stream").isEmpty();

        KeyPair keys = Keys.generate();
        CreateJoinTokenResponse token = TrustServiceGrpc.newBlockingStub(admin)
                .createJoinToken(
                        CreateJoinTokenRequest.newBuilder().setNode("h1").build());
        JoinResponse joined = TrustServiceGrpc.newBlockingStub(controlPlane.stranger())
                .join(JoinRequest.newBuilder()
                        .setSecret(JoinToken.parse(token.getToken()).secret())
                        .setNode("h1")
                        .setSigningRequest(ByteString.copyFrom(SigningRequests.create(keys)))
                        .build());
        KeyAndChain own = new KeyAndChain(
                keys.getPrivate(),
                List.of(PemFiles.certificate(joined.getCertificate().toByteArray(), "the answer")));
        // It may be valid from a second after the removal only.
        Await.until(
                "its certificate to be valid",
                SOON,
                () -> Instant.now().isAfter(own.certificate().getNotBefore().toInstant()));
        FakeNode anew = new FakeNode("h1", "192.0.2.1", controlPlane.channel(own), Behaviour.APPLIES);
        anew.dial();
        Await.until("in sync", SOON, () -> anew.snapshots() == 1);
        assertThat(anew.epoch()).isEqualTo(1);
        anew.close();
    }

    /** The call is refused for that; a connection that is closed under it says nothing yet. */
    private static void refusedAsRemoved(ThrowingCallable call) {
        AtomicReference<StatusRuntimeException> last = new AtomicReference<>();
        Await.until("the refusal", SOON, () -> {
            last.set(catchThrowableOfType(StatusRuntimeException.class, call));
            return last.get().getStatus().getCode() == Status.Code.UNAUTHENTICATED;
        });
        StatusRuntimeException refusal = last.get();
        assertThat(refusal.getStatus().getDescription())
                .contains("node/h1 was removed from the cluster at", "weft node token create");
        assertThat(String.valueOf(StatusProto.fromThrowable(refusal))).contains("NODE_REMOVED");
    }
}
