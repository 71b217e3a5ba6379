package dev.weft.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.ListNodesResponse;
import dev.weft.api.v1.NodeServiceGrpc;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from the node's socket to a control plane and back, both real. */
class NodeApiServerTest {

    private static final Metadata.Key<String> OTHER = Metadata.Key.of("x-other", Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    private Path directory;

    private final BlockingQueue<Metadata> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Path socket = Path.of("/nonexistent");

    private final class Nodes extends NodeServiceGrpc.NodeServiceImplBase {
        @Override
        public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> replies) {
            if (received.peek() instanceof Metadata headers && headers.containsKey(OTHER)) {
                Metadata trailers = new Metadata();
                trailers.put(OTHER, "and back");
                replies.onError(
                        Status.FAILED_PRECONDITION.withDescription("because").asRuntimeException(trailers));
                return;
            }
            replies.onNext(ListNodesResponse.getDefaultInstance());
            replies.onCompleted();
        }
    }

    /** Answers each input with the same output, and tells when the caller gives up. */
    private final class Echo extends ExecServiceGrpc.ExecServiceImplBase {
        @Override
        public StreamObserver<ExecRequest> exec(StreamObserver<ExecReply> replies) {
            Context.current().addListener(context -> cancelled.complete(true), Runnable::run);
            return new StreamObserver<>() {
                @Override
                public void onNext(ExecRequest request) {
                    replies.onNext(
                            ExecReply.newBuilder().setStdout(request.getStdin()).build());
                }

                @Override
                public void onError(Throwable failure) {
                    cancelled.complete(true);
                }

                @Override
                public void onCompleted() {
                    replies.onNext(ExecReply.newBuilder().setExitCode(3).build());
                    replies.onCompleted();
                }
            };
        }
    }

    @BeforeEach
    void start() throws IOException {
        Server controlPlane = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Nodes())
                .addService(new Echo())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        received.add(headers);
                        return next.startCall(call, headers);
                    }
                })
                .build()
                .start();
        opened.push(controlPlane::shutdownNow);
        socket = serve(controlPlane.getPort(), "node.sock");
    }

    private Path serve(int port, String name) throws IOException {
        ManagedChannel upstream = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .build();
        opened.push(upstream::shutdownNow);
        Path path = directory.resolve(name);
        opened.push(NodeApiServer.start(path, upstream, "n1", "127.0.0.1:" + port));
        return path;
    }

    private ManagedChannel dial(Path path) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(path))
                .eventLoopGroup(loops)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .overrideAuthority("localhost")
                .usePlaintext()
                .build();
        opened.push(() -> {
            channel.shutdownNow();
            var unusedTermination = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        });
        return channel;
    }

    @AfterEach
    void stop() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private static NodeServiceGrpc.NodeServiceBlockingStub with(
            ManagedChannel channel, Metadata.Key<String> key, String value) {
        Metadata headers = new Metadata();
        headers.put(key, value);
        return NodeServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    @Test
    void aCallIsPassedOnWithTheNodesNameWhateverTheCallerSays() throws InterruptedException {
        var unusedNodes =
                with(dial(socket), ProxyHandler.VIA_NODE, "another").listNodes(ListNodesRequest.getDefaultInstance());
        Metadata headers = received.take();
        assertThat(headers.getAll(ProxyHandler.VIA_NODE)).containsExactly("n1");
        assertThat(String.valueOf(headers.get(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER))))
                .as("the caller's deadline")
                .isNotEqualTo("null");
    }

    @Test
    void headersTrailersAndStatusAreTheCallersAndTheControlPlanes() {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> with(dial(socket), OTHER, "there").listNodes(ListNodesRequest.getDefaultInstance()))
                .satisfies(e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
                    assertThat(e.getStatus().getDescription()).isEqualTo("because");
                    assertThat(e.getTrailers())
                            .satisfies(
                                    trailers -> assertThat(trailers.get(OTHER)).isEqualTo("and back"));
                });
    }

    @Test
    void aMethodThatTheControlPlaneDoesNotKnowIsItsAnswer() {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> dev.weft.api.v1.NetworkServiceGrpc.newBlockingStub(dial(socket))
                        .listNetworks(dev.weft.api.v1.ListNetworksRequest.getDefaultInstance()))
                .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    /** A stream's calls to its observer, in order. */
    private static final class Replies implements StreamObserver<ExecReply> {
        private final BlockingQueue<ExecReply> all = new LinkedBlockingQueue<>();
        private final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onNext(ExecReply reply) {
            all.add(reply);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }

    @Test
    void streamsGoBothWaysAndEndEachOnItsOwn() throws Exception {
        Replies replies = new Replies();
        StreamObserver<ExecRequest> requests =
                ExecServiceGrpc.newStub(dial(socket)).exec(replies);
        ByteString piece = ByteString.copyFrom(new byte[100_000]);
        for (int i = 0; i < 100; i++) {
            requests.onNext(ExecRequest.newBuilder().setStdin(piece).build());
        }
        requests.onCompleted();
        assertThat(replies.end.get(20, TimeUnit.SECONDS).isOk()).isTrue();
        List<ExecReply> all = List.copyOf(replies.all);
        assertThat(all).hasSize(101);
        assertThat(all.getLast().getExitCode()).isEqualTo(3);
        assertThat(all.subList(0, 100)).allMatch(reply -> reply.getStdout().equals(piece));
    }

    @Test
    void aCallerThatGivesUpIsToldToTheControlPlane() throws Exception {
        Replies replies = new Replies();
        StreamObserver<ExecRequest> requests =
                ExecServiceGrpc.newStub(dial(socket)).exec(replies);
        requests.onNext(
                ExecRequest.newBuilder().setStdin(ByteString.copyFromUtf8("x")).build());
        assertThat(replies.all.poll(10, TimeUnit.SECONDS)).isNotNull();
        requests.onError(Status.CANCELLED.asRuntimeException());
        assertThat(cancelled.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aControlPlaneThatIsAwayIsNamed() throws IOException {
        Path away = serve(1, "away.sock");
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> NodeServiceGrpc.newBlockingStub(dial(away))
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .listNodes(ListNodesRequest.getDefaultInstance()))
                .satisfies(e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(e.getStatus().getDescription())
                            .contains("127.0.0.1:1 cannot be reached from node n1")
                            .contains("workloads are not affected");
                });
    }

    @Test
    void theSocketIsTheOwnersAloneReplacesAnOldOneAndGoesWithTheServer() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        Path left = Files.writeString(directory.resolve("left.sock"), "by an earlier run");
        Path again = serve(1, "left.sock");
        assertThat(again).isEqualTo(left);
        assertThat(Files.isRegularFile(again)).isFalse();
        opened.pop().close();
        assertThat(again).doesNotExist();
        try (var files = Files.list(directory)) {
            assertThat(files).as("nothing else is left").containsExactly(socket);
        }
    }
}
