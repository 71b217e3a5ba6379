package dev.weft.node.exec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.api.v1.ExecFailure;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecStart;
import dev.weft.node.kernel.KernelObject.SandboxFiles;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.sandbox.SandboxDirectories;
import dev.weft.node.sandbox.SandboxFilesWriter;
import dev.weft.node.sandbox.SandboxProcesses;
import dev.weft.node.testing.Eventually;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Real commands in a real namespace, asked for over a real connection, as the control plane asks. */
@Tag("kernel")
class ExecKernelTest extends NodeSyncServiceGrpc.NodeSyncServiceImplBase {

    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    private Path state;

    private final List<ExecReply> replies = new ArrayList<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final CompletableFuture<StreamObserver<ExecRequest>> dialled = new CompletableFuture<>();
    private final Deque<Runnable> opened = new ArrayDeque<>();
    private SandboxRow sandbox = Rows.sandbox("5a");

    @Override
    public StreamObserver<ExecReply> attachExec(StreamObserver<ExecRequest> requests) {
        dialled.complete(requests);
        return new StreamObserver<>() {
            @Override
            public void onNext(ExecReply reply) {
                synchronized (replies) {
                    replies.add(reply);
                }
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
    void create() {
        TestNamespace namespace = namespaces.create("exec");
        sandbox = new SandboxRow(
                Rows.id("5a"),
                1,
                "web",
                new SandboxPlace.External(namespace.path().toString()),
                "web1");
    }

    @AfterEach
    void disconnect() {
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
    }

    /** Has the daemon dial back, and asks it for a command. */
    private StreamObserver<ExecRequest> run(ExecStart.Builder start) throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(this)
                .build()
                .start();
        opened.push(server::shutdownNow);
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                .usePlaintext()
                .build();
        opened.push(channel::shutdownNow);
        SandboxDirectories directories = new SandboxDirectories(state.resolve("run"), state.resolve("state"));
        new SandboxFilesWriter(directories, Path.of("/nonexistent"))
                .write(new SandboxFiles(sandbox.id(), sandbox.hostname(), List.of("10.9.0.2\tweb1")), Optional.empty());
        new ExecRunner(
                        channel,
                        id -> Optional.of(sandbox).filter(row -> row.id().equals(id)),
                        directories,
                        new SandboxProcesses(directories))
                .open("x1");
        StreamObserver<ExecRequest> requests = dialled.get(10, TimeUnit.SECONDS);
        requests.onNext(ExecRequest.newBuilder()
                .setStart(start.getSandbox().isEmpty() ? start.setSandbox(sandbox.id()) : start)
                .build());
        return requests;
    }

    private static ExecStart.Builder command(String... words) {
        return ExecStart.newBuilder().addAllCommand(List.of(words));
    }

    private static ExecStart.Builder sh(String script) {
        return command("sh", "-c", script);
    }

    private Status awaitEnd() throws Exception {
        return end.get(20, TimeUnit.SECONDS);
    }

    private List<ExecReply> replies() {
        synchronized (replies) {
            return List.copyOf(replies);
        }
    }

    private String stdout() {
        ByteString all = ByteString.EMPTY;
        for (ExecReply reply : replies()) {
            all = all.concat(reply.getStdout());
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private int exitCode() throws Exception {
        assertThat(awaitEnd()).isEqualTo(Status.OK);
        assertThat(replies().getLast().hasExitCode()).isTrue();
        return replies().getLast().getExitCode();
    }

    private String stdoutAtEnd() throws Exception {
        assertThat(exitCode()).isZero();
        return stdout();
    }

    private ExecFailure failure() throws Exception {
        assertThat(awaitEnd()).isEqualTo(Status.OK);
        assertThat(replies()).singleElement().matches(ExecReply::hasFailure);
        return replies().getFirst().getFailure();
    }

    private static ExecRequest stdin(byte[] bytes) {
        return ExecRequest.newBuilder().setStdin(ByteString.copyFrom(bytes)).build();
    }

    private static ExecRequest signal(int number) {
        return ExecRequest.newBuilder().setSignal(number).build();
    }

    @Test
    void outputErrorsAndExitCodeComeBack() throws Exception {
        run(sh("echo out; echo err >&2; echo \"$GREETING $USER\"; pwd; exit 7")
                .putEnvironment("GREETING", "hi")
                .setWorkingDirectory("/usr"));
        assertThat(exitCode()).isEqualTo(7);
        assertThat(stdout()).isEqualTo("out\nhi \n/usr\n");
        assertThat(replies())
                .anyMatch(reply -> reply.getStderr().toStringUtf8().equals("err\n"))
                .first()
                .matches(ExecReply::hasStarted);
    }

    @Test
    void itRunsInTheSandboxesNamespaceWithItsFiles() throws Exception {
        run(sh("ip -o link | wc -l; hostname; cat /etc/hostname; tail -1 /etc/hosts; pwd"));
        assertThat(exitCode()).isZero();
        assertThat(stdout()).isEqualTo("1\nweb1\nweb1\n10.9.0.2\tweb1\n/\n");
    }

    @Test
    void whatTheCallerSaysIsNeverPartOfAScript() throws Exception {
        run(command("printf", "%s|", "$(id)", "; reboot", "'\"", "", "-n"));
        assertThat(exitCode()).isZero();
        assertThat(stdout()).isEqualTo("$(id)|; reboot|'\"||-n|");
    }

    @Test
    void theCallersPathIsTheCommandsOnly() throws Exception {
        run(command("/bin/sh", "-c", "echo $PATH").putEnvironment("PATH", "/nowhere"));
        assertThat(exitCode()).isZero();
        assertThat(stdout()).isEqualTo("/nowhere\n");
    }

    @Test
    void theCallersPathIsWhereTheCommandIsLookedFor() throws Exception {
        run(command("sh", "-c", "true").putEnvironment("PATH", "/nowhere"));
        assertThat(failure().getReason()).isEqualTo(ExecFailure.Reason.COMMAND_NOT_FOUND);
    }

    /** Whatever the daemon's own are: one started in a shell's background ignores SIGINT. */
    @Test
    void signalsHaveTheirDefaultActions() throws Exception {
        run(sh("sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status"));
        // Signals 32 and 33 are the C library's own.
        assertThat(Long.parseUnsignedLong(stdoutAtEnd().strip(), 16) & 0x7fff_ffffL)
                .isZero();
    }

    @Test
    void inputIsCarriedToItsEnd() throws Exception {
        StreamObserver<ExecRequest> requests = run(command("wc", "-c"));
        for (int i = 0; i < 50; i++) {
            requests.onNext(stdin(new byte[10_000]));
        }
        requests.onNext(ExecRequest.newBuilder().setStdinEof(true).build());
        assertThat(exitCode()).isZero();
        assertThat(stdout().strip()).isEqualTo("500000");
    }

    @Test
    void inputThatNobodyReadsDoesNotHoldTheEndUp() throws Exception {
        StreamObserver<ExecRequest> requests = run(command("true"));
        for (int i = 0; i < 50; i++) {
            requests.onNext(stdin(new byte[10_000]));
        }
        assertThat(exitCode()).isZero();
    }

    @Test
    void largeOutputArrivesWhole() throws Exception {
        run(sh("head -c 20000000 /dev/zero"));
        assertThat(exitCode()).isZero();
        assertThat(replies().stream()
                        .mapToLong(reply -> reply.getStdout().size())
                        .sum())
                .isEqualTo(20_000_000);
    }

    @Test
    void aSignalReachesTheWholeGroup() throws Exception {
        StreamObserver<ExecRequest> requests = run(sh("sleep 600 & echo $!; wait"));
        Eventually.holds("its output", () -> stdout().endsWith("\n"));
        ProcessHandle child = ProcessHandle.of(Long.parseLong(stdout().strip())).orElseThrow();
        requests.onNext(signal(15));
        assertThat(exitCode()).isEqualTo(128 + 15);
        Eventually.holds("the child ends", () -> !child.isAlive());
    }

    @Test
    void aSignalThatTheCommandHandlesIsItsOwnAffair() throws Exception {
        StreamObserver<ExecRequest> requests = run(sh("trap 'exit 9' INT; echo ready; while :; do sleep 0.05; done"));
        Eventually.holds("its output", () -> stdout().equals("ready\n"));
        // Out of range: not sent, and no harm.
        requests.onNext(signal(0));
        requests.onNext(signal(-9));
        requests.onNext(signal(99));
        requests.onNext(signal(2));
        assertThat(exitCode()).isEqualTo(9);
    }

    @Test
    void aCommandThatIsNotThere() throws Exception {
        run(command("no-such-command"));
        assertThat(failure().getReason()).isEqualTo(ExecFailure.Reason.COMMAND_NOT_FOUND);
        assertThat(failure().getMessage()).contains("no-such-command").contains("sandbox web");
    }

    @Test
    void aCommandsOwn127IsNoFailureOfOurs() throws Exception {
        run(sh("exit 127"));
        assertThat(exitCode()).isEqualTo(127);
    }

    @Test
    void aFileThatIsNoProgram() throws Exception {
        run(command(Files.writeString(state.resolve("data"), "x").toString()));
        assertThat(failure().getReason()).isEqualTo(ExecFailure.Reason.COMMAND_NOT_EXECUTABLE);
        assertThat(failure().getMessage()).contains("is not executable");
    }

    @Test
    void aWorkingDirectoryThatIsNotThere() throws Exception {
        run(command("true").setWorkingDirectory("/no/such/place"));
        assertThat(failure().getReason()).isEqualTo(ExecFailure.Reason.OTHER);
        assertThat(failure().getMessage()).contains("/no/such/place");
    }

    @Test
    void aSandboxOfAnotherNode() throws Exception {
        run(command("true").setSandbox(Rows.id("ee")));
        assertThat(failure().getReason()).isEqualTo(ExecFailure.Reason.SANDBOX_GONE);
        assertThat(failure().getMessage()).contains("not on this node");
    }

    @Test
    void aSandboxWithoutItsNamespace() throws Exception {
        sandbox = new SandboxRow(sandbox.id(), 1, "web", new SandboxPlace.Managed(), "web1");
        run(command("true"));
        assertThat(failure().getReason()).isEqualTo(ExecFailure.Reason.SANDBOX_GONE);
        assertThat(failure().getMessage()).contains("ENOENT");
    }

    @Test
    void aNamespacePathThatIsAnotherFile() throws Exception {
        Path file = Files.writeString(state.resolve("netns"), "x");
        sandbox = new SandboxRow(sandbox.id(), 1, "web", new SandboxPlace.External(file.toString()), "web1");
        run(command("true"));
        assertThat(failure().getReason()).isEqualTo(ExecFailure.Reason.SANDBOX_GONE);
    }

    @Test
    void aDetachedCommandWritesToItsLogAndIsLeftAlone() throws Exception {
        run(sh("echo begun; echo trouble >&2; sleep 600").setDetach(true));
        assertThat(awaitEnd()).isEqualTo(Status.OK);
        ExecReply started = replies().getFirst();
        ProcessHandle process = ProcessHandle.of(started.getStarted().getPid()).orElseThrow();
        Set<ProcessHandle> all = new java.util.HashSet<>(Set.of(process));
        try {
            Path log = Path.of(started.getStarted().getLogPath());
            Eventually.holds("its log", () -> read(log).equals("begun\ntrouble\n"));
            disconnect();
            assertThat(process.isAlive()).isTrue();
            process.descendants().forEach(all::add);
        } finally {
            all.forEach(ProcessHandle::destroyForcibly);
        }
        process.onExit().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aCallerThatGoesAwayEndsTheCommand() throws Exception {
        StreamObserver<ExecRequest> requests = run(sh("echo $$; exec sleep 600"));
        Eventually.holds("its output", () -> stdout().endsWith("\n"));
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(stdout().strip())).orElseThrow();
        requests.onError(Status.CANCELLED.asRuntimeException());
        process.onExit().get(10, TimeUnit.SECONDS);
        assertThat(process.isAlive()).isFalse();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
