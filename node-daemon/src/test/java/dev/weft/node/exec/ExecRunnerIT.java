package dev.weft.node.exec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecStart;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands in the host's place, over a real connection; namespaces are the system tests' part. */
@Tag("kernel")
class ExecRunnerIT extends NodeSyncServiceGrpc.NodeSyncServiceImplBase {

    @TempDir
    private Path logs;

    private final BlockingQueue<ExecReply> replies = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final CompletableFuture<StreamObserver<ExecRequest>> dialled = new CompletableFuture<>();
    private Optional<Server> server = Optional.empty();
    private Optional<ManagedChannel> channel = Optional.empty();

    @Override
    public StreamObserver<ExecReply> attachExec(StreamObserver<ExecRequest> requests) {
        dialled.complete(requests);
        return new StreamObserver<>() {
            @Override
            public void onNext(ExecReply reply) {
                replies.add(reply);
            }

            @Override
            public void onError(Throwable error) {
                end.complete(Status.fromThrowable(error));
            }

            @Override
            public void onCompleted() {
                end.complete(Status.OK);
                requests.onCompleted();
            }
        };
    }

    @BeforeEach
    void connect() throws IOException {
        Server started = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(this)
                .build()
                .start();
        server = Optional.of(started);
        channel = Optional.of(NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), started.getPort()))
                .usePlaintext()
                .build());
    }

    @AfterEach
    void disconnect() {
        channel.ifPresent(ManagedChannel::shutdownNow);
        server.ifPresent(Server::shutdownNow);
    }

    private StreamObserver<ExecRequest> run(ExecStart.Builder start) throws Exception {
        new ExecRunner(
                        channel.orElseThrow(),
                        id -> id.equals("here") ? Optional.of(new ExecPlace.Host(logs)) : Optional.empty())
                .dial("x1");
        StreamObserver<ExecRequest> requests = dialled.get(10, TimeUnit.SECONDS);
        requests.onNext(ExecRequest.newBuilder()
                .setStart(start.getSandbox().isEmpty() ? start.setSandbox("here") : start)
                .build());
        return requests;
    }

    private static ExecStart.Builder sh(String script) {
        return ExecStart.newBuilder().addAllCommand(List.of("sh", "-c", script));
    }

    private Status awaitEnd() throws Exception {
        return end.get(20, TimeUnit.SECONDS);
    }

    private int exitCode() {
        return replies.stream()
                .filter(ExecReply::hasExitCode)
                .findFirst()
                .orElseThrow()
                .getExitCode();
    }

    private String output(boolean stderr) {
        ByteString all = ByteString.EMPTY;
        for (ExecReply reply : replies) {
            all = all.concat(stderr ? reply.getStderr() : reply.getStdout());
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    @Test
    void outputErrorsAndExitCodeComeBack() throws Exception {
        run(sh("echo out; echo err >&2; echo \"$GREETING\"; pwd; exit 7")
                .putEnvironment("GREETING", "hi")
                .setWorkingDirectory("/usr"));
        assertThat(awaitEnd()).isEqualTo(Status.OK);
        assertThat(output(false)).isEqualTo("out\nhi\n/usr\n");
        assertThat(output(true)).isEqualTo("err\n");
        assertThat(exitCode()).isEqualTo(7);
    }

    @Test
    void inputIsCarriedToItsEnd() throws Exception {
        StreamObserver<ExecRequest> requests =
                run(ExecStart.newBuilder().addCommand("wc").addCommand("-c"));
        byte[] piece = new byte[10_000];
        for (int i = 0; i < 50; i++) {
            requests.onNext(ExecRequest.newBuilder()
                    .setStdin(ByteString.copyFrom(piece))
                    .build());
        }
        requests.onNext(ExecRequest.newBuilder().setStdinEof(true).build());
        assertThat(awaitEnd()).isEqualTo(Status.OK);
        assertThat(output(false).strip()).isEqualTo("500000");
    }

    @Test
    void largeOutputArrivesWhole() throws Exception {
        run(sh("head -c 20000000 /dev/zero"));
        assertThat(awaitEnd()).isEqualTo(Status.OK);
        assertThat(replies.stream().mapToLong(reply -> reply.getStdout().size()).sum())
                .isEqualTo(20_000_000);
    }

    @Test
    void aSignalReachesTheWholeGroup() throws Exception {
        StreamObserver<ExecRequest> requests = run(sh("sleep 600 & echo started; wait"));
        while (!output(false).contains("started")) {
            Thread.onSpinWait();
        }
        requests.onNext(ExecRequest.newBuilder().setSignal(15).build());
        assertThat(awaitEnd()).isEqualTo(Status.OK);
        assertThat(exitCode()).isEqualTo(128 + 15);
    }

    @Test
    void unknownCommandsAndSandboxesAreTold() throws Exception {
        run(ExecStart.newBuilder().addCommand("no-such-command"));
        assertThat(awaitEnd()).isEqualTo(Status.OK);
        assertThat(exitCode()).isEqualTo(127);
        assertThat(output(true)).contains("no-such-command");
    }

    @Test
    void aSandboxThatIsNotHereIsRefused() throws Exception {
        run(sh("true").setSandbox("elsewhere"));
        assertThat(awaitEnd()).isEqualTo(Status.OK);
        assertThat(replies.take().getFailure()).contains("not built on its node");
    }

    @Test
    void aDetachedCommandWritesToItsLogAndIsLeftAlone() throws Exception {
        run(sh("echo begun; sleep 600").setDetach(true));
        assertThat(awaitEnd()).isEqualTo(Status.OK);
        ExecReply started = replies.take();
        ProcessHandle process = ProcessHandle.of(started.getStarted().getPid()).orElseThrow();
        Path log = Path.of(started.getStarted().getLogPath());
        while (!Files.readString(log).contains("begun")) {
            Thread.onSpinWait();
        }
        assertThat(process.isAlive()).isTrue();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aCallerThatGoesAwayEndsTheCommand() throws Exception {
        StreamObserver<ExecRequest> requests = run(sh("echo $$; exec sleep 600"));
        while (output(false).isBlank()) {
            Thread.onSpinWait();
        }
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(output(false).strip())).orElseThrow();
        requests.onError(Status.CANCELLED.asRuntimeException());
        process.onExit().get(10, TimeUnit.SECONDS);
        assertThat(process.isAlive()).isFalse();
    }
}
