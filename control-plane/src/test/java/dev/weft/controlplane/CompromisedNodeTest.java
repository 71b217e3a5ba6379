package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.api.v1.BackupRequest;
import dev.weft.api.v1.BackupServiceGrpc;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.EndpointServiceGrpc;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.api.v1.ExecStart;
import dev.weft.api.v1.GetNetworkRequest;
import dev.weft.api.v1.GetNodeRequest;
import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.ListEndpointsRequest;
import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.ListSandboxesRequest;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.ObjectStatus;
import dev.weft.api.v1.RemoveNodeRequest;
import dev.weft.api.v1.RenameSandboxRequest;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.SandboxServiceGrpc;
import dev.weft.api.v1.Subnet;
import dev.weft.controlplane.distribution.FakeNode;
import dev.weft.controlplane.distribution.FakeNode.Behaviour;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.SecureControlPlane;
import dev.weft.node.v1.Report;
import dev.weft.node.v1.RowKind;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Role;
import dev.weft.trust.v1.CreateJoinTokenRequest;
import dev.weft.trust.v1.TrustServiceGrpc;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that somebody has taken over: it has h1's key, and tries what it can with it against h2. */
@Timeout(180)
final class CompromisedNodeTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final com.google.protobuf.Duration WAIT =
            com.google.protobuf.Duration.newBuilder().setSeconds(30).build();

    private final SecureControlPlane controlPlane;
    private final ManagedChannel admin;
    private final ManagedChannel mallory;
    private final FakeNode h1;
    private final FakeNode h2;

    CompromisedNodeTest(@TempDir Path directory) throws IOException {
        CertificateAuthority authority = CertificateAuthority.init(directory.resolve("ca"), "test", Instant.now());
        controlPlane = new SecureControlPlane(
                authority,
                directory.resolve("ca"),
                new StoreConfig.Sqlite(SqliteStoreConfig.in(directory.resolve("state"))),
                directory,
                0);
        admin = controlPlane.user(Role.ADMIN);
        mallory = controlPlane.node("h1");
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

    private Sandbox run(String name, String node, String network) {
        return SandboxServiceGrpc.newBlockingStub(admin)
                .createSandbox(CreateSandboxRequest.newBuilder()
                        .setName(name)
                        .setNode(node)
                        .addEndpoints(EndpointSpec.newBuilder().setNetwork(network))
                        .setWait(WAIT)
                        .build());
    }

    private Network overlay(String name, boolean attachable) {
        return NetworkServiceGrpc.newBlockingStub(admin)
                .createNetwork(CreateNetworkRequest.newBuilder()
                        .setName(name)
                        .setDriver("overlay")
                        .setAttachable(attachable)
                        .addSubnets(Subnet.newBuilder().setCidr("10.8." + name.length() + ".0/24"))
                        .build());
    }

    private static void refused(Status.Code code, String words, ThrowingCallable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refusal).isNotNull();
        assertThat(refusal.getStatus().getCode()).as(refusal.getMessage()).isEqualTo(code);
        assertThat(refusal.getStatus().getDescription()).contains(words);
    }

    @Test
    void itIsItselfWhateverItSays() {
        FakeNode impostor = new FakeNode("h2", "192.0.2.9", controlPlane.node("h1"), Behaviour.APPLIES);
        impostor.dial();
        Await.until("the stream to end", SOON, () -> impostor.ended().isPresent());
        assertThat(impostor.ended().orElseThrow().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(impostor.rows()).isEmpty();
        assertThat(h2.ended()).as("the real one's stream").isEmpty();

        Metadata claim = new Metadata();
        claim.put(Metadata.Key.of("weft-via-node", Metadata.ASCII_STRING_MARSHALLER), "h2");
        assertThat(NodeServiceGrpc.newBlockingStub(
                                ClientInterceptors.intercept(mallory, MetadataUtils.newAttachHeadersInterceptor(claim)))
                        .getNode(GetNodeRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("h1");
        impostor.close();
    }

    @Test
    void itReadsNothingOfOthers() {
        Network secret = overlay("secret", false);
        Sandbox theirs = run("theirs", "h2", "secret");
        Sandbox own = run("own", "h1", "bridge");
        var sandboxes = SandboxServiceGrpc.newBlockingStub(mallory);

        assertThat(sandboxes
                        .listSandboxes(ListSandboxesRequest.getDefaultInstance())
                        .getSandboxesList())
                .extracting(Sandbox::getName)
                .containsExactly("own");
        assertThat(sandboxes
                        .getSandbox(GetSandboxRequest.newBuilder()
                                .setSandbox(own.getId())
                                .build())
                        .getName())
                .isEqualTo("own");
        for (String reference : List.of("theirs", theirs.getId(), theirs.getId().substring(0, 12))) {
            refused(
                    Status.Code.NOT_FOUND,
                    "node h1 has no sandbox",
                    () -> sandboxes.getSandbox(
                            GetSandboxRequest.newBuilder().setSandbox(reference).build()));
        }
        refused(
                Status.Code.PERMISSION_DENIED,
                "for itself only",
                () -> sandboxes.listSandboxes(
                        ListSandboxesRequest.newBuilder().setNode("h2").build()));
        assertThat(EndpointServiceGrpc.newBlockingStub(mallory)
                        .listEndpoints(ListEndpointsRequest.getDefaultInstance())
                        .getEndpointsList())
                .allMatch(endpoint -> endpoint.getNode().equals("h1"));
        refused(
                Status.Code.NOT_FOUND,
                "takes part in no global one",
                () -> NetworkServiceGrpc.newBlockingStub(mallory)
                        .getNetwork(GetNetworkRequest.newBuilder()
                                .setNetwork(secret.getId())
                                .build()));
        assertThat(NodeServiceGrpc.newBlockingStub(mallory)
                        .listNodes(ListNodesRequest.getDefaultInstance())
                        .getNodesList())
                .extracting(dev.weft.api.v1.Node::getName)
                .containsExactly("h1");
        refused(
                Status.Code.PERMISSION_DENIED,
                "is more",
                () -> BackupServiceGrpc.newBlockingStub(mallory)
                        .backup(BackupRequest.getDefaultInstance())
                        .next());
        // Its own rows are all that its stream carries.
        assertThat(h1.row(RowKind.ROW_KIND_SANDBOX, theirs.getId())).isEmpty();
        assertThat(h1.rows().values())
                .noneMatch(row -> row.getNetwork().getName().equals("secret"));
    }

    @Test
    void itChangesNothingOfOthers() throws IOException {
        Sandbox theirs = run("theirs", "h2", "bridge");
        overlay("wide", true);
        overlay("closed", false);
        var sandboxes = SandboxServiceGrpc.newBlockingStub(mallory);
        var networks = NetworkServiceGrpc.newBlockingStub(mallory);

        refused(
                Status.Code.NOT_FOUND,
                "node h1 has no sandbox",
                () -> sandboxes.deleteSandbox(
                        DeleteSandboxRequest.newBuilder().setSandbox("theirs").build()));
        refused(
                Status.Code.NOT_FOUND,
                "node h1 has no sandbox",
                () -> sandboxes.renameSandbox(RenameSandboxRequest.newBuilder()
                        .setSandbox(theirs.getId())
                        .setNewName("mine")
                        .build()));
        refused(
                Status.Code.PERMISSION_DENIED,
                "for itself only",
                () -> sandboxes.createSandbox(
                        CreateSandboxRequest.newBuilder().setNode("h2").build()));
        refused(
                Status.Code.PERMISSION_DENIED,
                "local networks only",
                () -> networks.createNetwork(CreateNetworkRequest.newBuilder()
                        .setName("x")
                        .setDriver("overlay")
                        .build()));
        var unusedConfiguration = NetworkServiceGrpc.newBlockingStub(admin)
                .createNetwork(CreateNetworkRequest.newBuilder()
                        .setName("template")
                        .setNode("h2")
                        .setConfigOnly(true)
                        .build());
        refused(
                Status.Code.NOT_FOUND,
                "template",
                () -> networks.createNetwork(CreateNetworkRequest.newBuilder()
                        .setName("copy")
                        .setConfigFrom("template")
                        .build()));
        refused(
                Status.Code.PERMISSION_DENIED,
                "its own local networks only",
                () -> networks.deleteNetwork(
                        DeleteNetworkRequest.newBuilder().setNetwork("wide").build()));
        refused(
                Status.Code.NOT_FOUND,
                "closed",
                () -> sandboxes.createSandbox(CreateSandboxRequest.newBuilder()
                        .addEndpoints(EndpointSpec.newBuilder().setNetwork("closed"))
                        .build()));
        refused(
                Status.Code.PERMISSION_DENIED,
                "is more",
                () -> NodeServiceGrpc.newBlockingStub(mallory)
                        .removeNode(RemoveNodeRequest.newBuilder()
                                .setNode("h2")
                                .setForce(true)
                                .build()));
        refused(
                Status.Code.PERMISSION_DENIED,
                "is more",
                () -> TrustServiceGrpc.newBlockingStub(mallory)
                        .createJoinToken(CreateJoinTokenRequest.newBuilder()
                                .setNode("h2")
                                .build()));

        // What is its own it may: a network, a sandbox, an endpoint on an attachable overlay.
        assertThat(networks.createNetwork(
                                CreateNetworkRequest.newBuilder().setName("own").build())
                        .getNode())
                .isEqualTo("h1");
        Sandbox own = sandboxes.createSandbox(CreateSandboxRequest.newBuilder()
                .setName("mine")
                .addEndpoints(EndpointSpec.newBuilder().setNetwork("wide"))
                .setWait(WAIT)
                .build());
        assertThat(own.getNode()).isEqualTo("h1");
        assertThat(SandboxServiceGrpc.newBlockingStub(admin)
                        .getSandbox(GetSandboxRequest.newBuilder()
                                .setSandbox("theirs")
                                .build())
                        .getId())
                .isEqualTo(theirs.getId());
        assertThat(Files.readAllLines(controlPlane.auditLog()))
                .anyMatch(line -> line.contains("\"identity\":\"node/h1\"")
                        && line.contains("NodeService/RemoveNode")
                        && line.contains("PERMISSION_DENIED"))
                .anyMatch(line -> line.contains("NetworkService/DeleteNetwork") && line.contains("PERMISSION_DENIED"));
    }

    @Test
    void itTakesNoAddressOfOthers() {
        Network wide = overlay("wide", true);
        Sandbox theirs = run("theirs", "h2", "wide");
        String address = theirs.getEndpoints(0).getIpv4Address();
        refused(
                Status.Code.ALREADY_EXISTS,
                address.substring(0, address.indexOf('/')),
                () -> SandboxServiceGrpc.newBlockingStub(mallory)
                        .createSandbox(CreateSandboxRequest.newBuilder()
                                .addEndpoints(EndpointSpec.newBuilder()
                                        .setNetwork(wide.getId())
                                        .setIpv4Address(address.substring(0, address.indexOf('/'))))
                                .build()));

        FakeNode thief = new FakeNode("h1", "192.0.2.2", controlPlane.node("h1"), Behaviour.APPLIES);
        thief.dial();
        Await.until("the stream to end", SOON, () -> thief.ended().isPresent());
        assertThat(thief.ended().orElseThrow().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
        assertThat(thief.ended().orElseThrow().getDescription()).contains("192.0.2.2", "which is node h2's");
        thief.close();
    }

    @Test
    void itReportsForItselfAndUnderItsNewestEpochOnly() {
        Sandbox theirs = run("theirs", "h2", "bridge");
        Sandbox own = run("own", "h1", "bridge");
        h1.report(Report.newBuilder()
                .setAppliedRevision(h1.revision())
                .addStatuses(FakeNode.status(
                        RowKind.ROW_KIND_SANDBOX, theirs.getId(), ObjectStatus.State.FAILED, "forged", Long.MAX_VALUE))
                .build());

        FakeNode newer = new FakeNode("h1", "192.0.2.1", controlPlane.node("h1"), Behaviour.APPLIES);
        newer.dial();
        Await.until("the older stream to end", SOON, () -> h1.ended().isPresent());
        Await.until("the newer one to be in sync", SOON, () -> newer.snapshots() == 1);
        assertThat(newer.epoch()).isGreaterThan(h1.epoch());
        assertThat(h1.ended().orElseThrow().getDescription()).contains("took over with epoch " + newer.epoch());
        Await.until("its own sandbox to be ready", SOON, () -> status(own) == ObjectStatus.State.READY);
        assertThat(status(theirs)).isEqualTo(ObjectStatus.State.READY);
        newer.close();
    }

    private ObjectStatus.State status(Sandbox sandbox) {
        return SandboxServiceGrpc.newBlockingStub(admin)
                .getSandbox(GetSandboxRequest.newBuilder()
                        .setSandbox(sandbox.getId())
                        .build())
                .getStatus()
                .getState();
    }

    @Test
    void itTakesNoCommandThatIsForAnother() throws InterruptedException {
        run("theirs", "h2", "bridge");
        CompletableFuture<ExecReply> reply = new CompletableFuture<>();
        StreamObserver<ExecRequest> requests = ExecServiceGrpc.newStub(admin).exec(new StreamObserver<>() {
            @Override
            public void onNext(ExecReply message) {
                reply.complete(message);
            }

            @Override
            public void onError(Throwable failure) {
                reply.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        });
        requests.onNext(ExecRequest.newBuilder()
                .setStart(ExecStart.newBuilder().setSandbox("theirs").addCommand("true"))
                .build());
        String id = h2.openExecs().poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(id).isNotNull();

        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        h1.attachExec(String.valueOf(id), new StreamObserver<>() {
            @Override
            public void onNext(ExecRequest message) {
                refusal.completeExceptionally(new AssertionError("got the command"));
            }

            @Override
            public void onError(Throwable failure) {
                refusal.complete(failure);
            }

            @Override
            public void onCompleted() {
                refusal.completeExceptionally(new AssertionError("was not refused"));
            }
        });
        assertThat(Status.fromThrowable(refusal.join()).getCode()).isEqualTo(Status.Code.NOT_FOUND);

        // And nothing is taken from the one that was asked.
        CompletableFuture<ExecRequest> command = new CompletableFuture<>();
        h2.attachExec(String.valueOf(id), new StreamObserver<>() {
            @Override
            public void onNext(ExecRequest message) {
                command.complete(message);
            }

            @Override
            public void onError(Throwable failure) {
                command.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        });
        assertThat(command.join().getStart().getCommand(0)).isEqualTo("true");
        requests.onError(Status.CANCELLED.asException());
    }

    @Test
    void itsFloodKeepsNobodyWaitingAndItsHugeMessagesEndItsCall() {
        Thread flood = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 20_000 && !Thread.currentThread().isInterrupted(); i++) {
                h1.report(Report.newBuilder().setAppliedRevision(i).build());
            }
        });
        for (int i = 0; i < 5; i++) {
            // Waits until h2 has it, by h2's own stream and reports.
            assertThat(run("during-" + i, "h2", "bridge").getStatus().getState())
                    .isEqualTo(ObjectStatus.State.READY);
        }
        flood.interrupt();

        FakeNode huge = new FakeNode("h1", "192.0.2.1", controlPlane.node("h1"), Behaviour.APPLIES);
        huge.dial();
        Await.until("in sync", SOON, () -> huge.snapshots() == 1);
        huge.report(Report.newBuilder()
                .addStatuses(
                        FakeNode.status(RowKind.ROW_KIND_SANDBOX, "x".repeat(5 << 20), ObjectStatus.State.READY, "", 1))
                .build());
        Await.until("the stream to end", SOON, () -> huge.ended().isPresent());
        // gRPC ends the call while it reads, before anybody could say why.
        assertThat(huge.ended().orElseThrow().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        huge.close();
    }
}
