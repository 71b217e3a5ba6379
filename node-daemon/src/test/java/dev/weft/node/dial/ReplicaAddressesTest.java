package dev.weft.node.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.node.testing.Eventually;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.NodeMessage;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import dev.weft.node.v1.Welcome;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A channel to several replicas, over real connections. */
class ReplicaAddressesTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    /** A replica that welcomes with its own number. */
    private static final class Replica extends NodeSyncServiceGrpc.NodeSyncServiceImplBase {

        private final long number;

        Replica(long number) {
            this.number = number;
        }

        @Override
        public StreamObserver<NodeMessage> sync(StreamObserver<ControlMessage> replies) {
            replies.onNext(ControlMessage.newBuilder()
                    .setWelcome(Welcome.newBuilder().setEpoch(number))
                    .build());
            replies.onCompleted();
            return new StreamObserver<>() {
                @Override
                public void onNext(NodeMessage message) {}

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
            };
        }
    }

    private Server serve(long number) throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(LOOPBACK, 0))
                .addService(new Replica(number))
                .build()
                .start();
        servers.add(server);
        return server;
    }

    private ManagedChannel channel(ReplicaAddresses replicas) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(ReplicaAddresses.TARGET)
                .setNameResolverArg(ReplicaAddresses.ARGUMENT, replicas)
                .usePlaintext()
                .build();
        channels.add(channel);
        return channel;
    }

    /** "b" begins with the second of two, "a" with the first: the digests of their names say so. */
    private static ReplicaAddresses addresses(String node, Server... replicas) {
        return new ReplicaAddresses(
                List.of(replicas).stream()
                        .map(server -> InetSocketAddress.createUnresolved("127.0.0.1", server.getPort()))
                        .toList(),
                node);
    }

    private static long whoAnswers(ManagedChannel channel) throws InterruptedException, ExecutionException {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        StreamObserver<NodeMessage> call = NodeSyncServiceGrpc.newStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .sync(new StreamObserver<>() {
                    @Override
                    public void onNext(ControlMessage message) {
                        answer.complete(message.getWelcome().getEpoch());
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        long number = answer.get();
        call.onCompleted();
        return number;
    }

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void nodesBeginWithDifferentReplicasAndStayWithTheirs() throws Exception {
        Server one = serve(1);
        Server two = serve(2);
        ManagedChannel even = channel(addresses("b", one, two));
        ManagedChannel odd = channel(addresses("a", one, two));
        assertThat(List.of(whoAnswers(even), whoAnswers(even))).containsExactly(1L, 1L);
        assertThat(List.of(whoAnswers(odd), whoAnswers(odd))).containsExactly(2L, 2L);
    }

    @Test
    void theNextReplicaIsFoundWhenOneIsGoneAndNoCallFailsForThat() throws Exception {
        Server one = serve(1);
        Server two = serve(2);
        ManagedChannel channel = channel(addresses("b", one, two));
        assertThat(whoAnswers(channel)).isEqualTo(1);
        one.shutdownNow();
        assertThat(one.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        // A call that leaves before the channel learns of it fails, as one that had left.
        Eventually.holds("the channel to learn of it", () -> channel.getState(false) != ConnectivityState.READY);
        assertThat(whoAnswers(channel)).isEqualTo(2);
    }

    @Test
    void aReplicaThatRefusesIsLeftForTheNext() throws Exception {
        Server one = serve(1);
        Server two = serve(2);
        ReplicaAddresses replicas = addresses("b", one, two);
        ManagedChannel channel = channel(replicas);
        assertThat(whoAnswers(channel)).isEqualTo(1);
        replicas.rotate();
        channel.enterIdle();
        assertThat(whoAnswers(channel)).isEqualTo(2);
        replicas.rotate();
        channel.enterIdle();
        assertThat(whoAnswers(channel)).isEqualTo(1);
    }

    @Test
    void aNameThatNobodyKnowsKeepsNobodyFromTheOthers() throws Exception {
        ReplicaAddresses replicas = new ReplicaAddresses(
                List.of(
                        InetSocketAddress.createUnresolved("no.such.host.invalid", 1),
                        InetSocketAddress.createUnresolved("127.0.0.1", serve(2).getPort())),
                "b");
        assertThat(whoAnswers(channel(replicas))).isEqualTo(2);
    }

    @Test
    void whereNobodyIsCallsFailAndSucceedOnceSomebodyIs() throws Exception {
        Server one = serve(1);
        int port = one.getPort();
        ManagedChannel channel = channel(addresses("b", one));
        one.shutdownNow();
        assertThat(one.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> whoAnswers(channel))
                .cause()
                .satisfies(failure ->
                        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        servers.add(NettyServerBuilder.forAddress(new InetSocketAddress(LOOPBACK, port))
                .addService(new Replica(3))
                .build()
                .start());
        Eventually.holds("the replica is back", () -> {
            channel.resetConnectBackoff();
            try {
                return whoAnswers(channel) == 3;
            } catch (ExecutionException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void thereIsAtLeastOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ReplicaAddresses(List.of(), "b"));
    }
}
