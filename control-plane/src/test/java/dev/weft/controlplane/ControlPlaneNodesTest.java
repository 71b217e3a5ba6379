package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.GetNodeRequest;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.ObjectStatus;
import dev.weft.api.v1.RemoveNodeRequest;
import dev.weft.api.v1.RemoveNodeResponse;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.SandboxServiceGrpc;
import dev.weft.config.HostPort;
import dev.weft.controlplane.config.ControlPlaneConfig;
import dev.weft.controlplane.distribution.FakeNode;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.node.v1.RowKind;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole control plane with nodes that have no kernel: from a request to the node's rows and back. */
class ControlPlaneNodesTest {

    private static final java.time.Duration SOON = java.time.Duration.ofSeconds(20);
    private static final Duration WAIT = Duration.newBuilder().setSeconds(20).build();

    private final ControlPlane controlPlane;
    private final ManagedChannel channel;
    private final FakeNode a;
    private final FakeNode b;

    ControlPlaneNodesTest(@TempDir Path directory) throws Exception {
        controlPlane = ControlPlane.start(new ControlPlaneConfig(
                new StoreConfig.Sqlite(SqliteStoreConfig.in(directory.resolve("state"))),
                "test",
                new HostPort("127.0.0.1", 0),
                directory.resolve("run")));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", controlPlane.port())
                .usePlaintext()
                .build();
        a = new FakeNode("a", "192.0.2.1", controlPlane.port(), FakeNode.Behaviour.APPLIES);
        b = new FakeNode("b", "192.0.2.2", controlPlane.port(), FakeNode.Behaviour.APPLIES);
    }

    @BeforeEach
    void nodesAreThere() {
        a.dial();
        b.dial();
        Await.until("in sync", SOON, () -> a.snapshots() == 1 && b.snapshots() == 1);
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        a.close();
        b.close();
        controlPlane.close();
    }

    private Sandbox run(String name, String node, String network) {
        return SandboxServiceGrpc.newBlockingStub(channel)
                .createSandbox(CreateSandboxRequest.newBuilder()
                        .setName(name)
                        .setNode(node)
                        .addEndpoints(EndpointSpec.newBuilder().setNetwork(network))
                        .setWait(WAIT)
                        .build());
    }

    @Test
    void theFirstSnapshotHasTheNetworksThatExistFromTheStart() {
        assertThat(a.rows().values())
                .extracting(row -> row.getNetwork().getName())
                .containsExactlyInAnyOrder("bridge", "host", "none");
        assertThat(a.rows().values())
                .extracting(row -> row.getNetwork().getBridgeName())
                .containsExactlyInAnyOrder("weft0", "", "");
    }

    @Test
    void twoSandboxesOnOneOverlayAreReadyWhenTheirNodesSaySo() {
        Network blue = NetworkServiceGrpc.newBlockingStub(channel)
                .createNetwork(CreateNetworkRequest.newBuilder()
                        .setName("blue")
                        .setDriver("overlay")
                        .build());
        Sandbox onA = run("on-a", "a", "blue");
        Sandbox onB = run("on-b", "b", "blue");

        assertThat(onA.getStatus().getState()).isEqualTo(ObjectStatus.State.READY);
        assertThat(onB.getStatus().getState()).isEqualTo(ObjectStatus.State.READY);
        assertThat(onB.getEndpoints(0).getStatus().getState()).isEqualTo(ObjectStatus.State.READY);
        assertThat(b.row(RowKind.ROW_KIND_PEER, onA.getEndpoints(0).getId()))
                .get()
                .satisfies(row -> assertThat(row.getPeer().getVtepAddress()).isEqualTo("192.0.2.1"));
        Await.until(
                "a knows of b's endpoint",
                SOON,
                () -> a.row(RowKind.ROW_KIND_PEER, onB.getEndpoints(0).getId()).isPresent());
        assertThat(a.row(RowKind.ROW_KIND_VTEP, blue.getId() + "/b")).isPresent();
        assertThat(NodeServiceGrpc.newBlockingStub(channel)
                        .getNode(GetNodeRequest.newBuilder().setNode("a").build())
                        .getStatus()
                        .getConnected())
                .isTrue();

        SandboxServiceGrpc.newBlockingStub(channel)
                .deleteSandbox(DeleteSandboxRequest.newBuilder()
                        .setSandbox("on-b")
                        .setWait(WAIT)
                        .build());
        assertThat(b.row(RowKind.ROW_KIND_NETWORK, blue.getId())).isEmpty();
        Await.until(
                "a forgets b",
                SOON,
                () -> a.row(RowKind.ROW_KIND_VTEP, blue.getId() + "/b").isEmpty());
    }

    @Test
    void aNodeThatIsRemovedWhileItIsConnectedRegistersAnewWithNothingOfWhatItHad() {
        Network blue = NetworkServiceGrpc.newBlockingStub(channel)
                .createNetwork(CreateNetworkRequest.newBuilder()
                        .setName("blue")
                        .setDriver("overlay")
                        .build());
        Sandbox onA = run("on-a", "a", "blue");
        Sandbox onB = run("on-b", "b", "blue");
        NodeServiceGrpc.NodeServiceBlockingStub nodes = NodeServiceGrpc.newBlockingStub(channel);
        RemoveNodeRequest.Builder request = RemoveNodeRequest.newBuilder().setNode("b");
        assertThatThrownBy(() -> nodes.removeNode(request.build()))
                .hasMessageContaining("node b cannot be removed: it is connected")
                .hasMessageContaining("it has sandbox on-b");

        assertThat(nodes.removeNode(request.setForce(true).build()))
                .isEqualTo(RemoveNodeResponse.newBuilder()
                        .setName("b")
                        .setSandboxes(1)
                        .setEndpoints(1)
                        .build());
        Await.until("b's stream ends", SOON, () -> b.ended().isPresent());
        assertThat(b.ended().orElseThrow().getDescription()).contains("node b was removed from the cluster");
        Await.until(
                "a forgets b",
                SOON,
                () -> a.row(RowKind.ROW_KIND_PEER, onB.getEndpoints(0).getId()).isEmpty()
                        && a.row(RowKind.ROW_KIND_VTEP, blue.getId() + "/b").isEmpty());
        assertThat(a.row(RowKind.ROW_KIND_SANDBOX, onA.getId())).isPresent();

        b.dial();
        Await.until("b is in sync again", SOON, () -> b.snapshots() == 2);
        assertThat(b.epoch()).isEqualTo(1);
        assertThat(b.rows().values())
                .extracting(row -> row.getNetwork().getName())
                .containsExactlyInAnyOrder("bridge", "host", "none");
        assertThat(run("anew", "b", "blue").getStatus().getState()).isEqualTo(ObjectStatus.State.READY);
    }

    @Test
    void aSandboxOnANodeThatIsAwayIsRefused() {
        b.hangUp();
        Await.until(
                "b is away",
                SOON,
                () -> !NodeServiceGrpc.newBlockingStub(channel)
                        .getNode(GetNodeRequest.newBuilder().setNode("b").build())
                        .getStatus()
                        .getConnected());

        assertThatThrownBy(() -> run("late", "b", "bridge"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("node b is not connected");
    }
}
