package dev.weft.node.exec;

import dev.weft.api.v1.ExecFailure;
import dev.weft.api.v1.ExecFailure.Reason;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecStart;
import dev.weft.api.v1.ExecStarted;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.sandbox.SandboxDirectories;
import dev.weft.node.sandbox.SandboxProcesses;
import dev.weft.node.sandbox.SandboxProcesses.SandboxProcess;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs commands that the control plane asks for: dials back, and pipes between the command and the stream. */
public final class ExecRunner {

    private static final Logger LOG = LoggerFactory.getLogger(ExecRunner.class);
    private static final Metadata.Key<String> EXEC_ID =
            Metadata.Key.of("weft-exec-id", Metadata.ASCII_STRING_MARSHALLER);

    private final Channel channel;
    private final Function<String, Optional<SandboxRow>> sandboxes;
    private final SandboxDirectories directories;
    private final SandboxProcesses processes;

    /** @param sandboxes this node's sandboxes by full id */
    public ExecRunner(
            Channel channel,
            Function<String, Optional<SandboxRow>> sandboxes,
            SandboxDirectories directories,
            SandboxProcesses processes) {
        this.channel = channel;
        this.sandboxes = sandboxes;
        this.directories = directories;
        this.processes = processes;
    }

    /** Dials back for a command. Returns at once. */
    public void open(String execId) {
        Metadata headers = new Metadata();
        headers.put(EXEC_ID, execId);
        ExecSession session = new ExecSession(this::start);
        var unusedRequests = NodeSyncServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .attachExec(session);
    }

    /** Starts the command, and says so on the session; or says why not. */
    private void start(ExecStart start, ExecSession session) {
        Optional<SandboxRow> sandbox = sandboxes.apply(start.getSandbox());
        if (sandbox.isEmpty()) {
            session.refuse(Reason.SANDBOX_GONE, "sandbox " + start.getSandbox() + " is not on this node");
            return;
        }
        if (start.getCommandCount() == 0 || start.getCommand(0).isEmpty()) {
            session.refuse(Reason.OTHER, "there is no command to run");
            return;
        }
        String what = "cannot run " + start.getCommand(0) + " in sandbox "
                + sandbox.get().name() + ": ";
        Optional<SandboxRow> home = home(sandbox.get());
        if (home.isEmpty()) {
            session.refuse(Reason.SANDBOX_GONE, what + "the sandbox whose namespace it shares is not on this node");
            return;
        }
        try {
            Optional<ExecFailure> obstacle = obstacle(start, home.get());
            if (obstacle.isPresent()) {
                session.refuse(obstacle.get().getReason(), what + obstacle.get().getMessage());
            } else {
                run(start, sandbox.get(), home.get(), session);
            }
        } catch (IOException | IllegalArgumentException | UncheckedIOException | NativeException e) {
            session.refuse(Reason.OTHER, what + e.getMessage());
        }
    }

    /** What can be told before anything is started; the programs that lead to the command tell the rest. */
    private Optional<ExecFailure> obstacle(ExecStart start, SandboxRow sandbox) {
        Optional<Path> namespace = SandboxCommand.namespace(sandbox, directories);
        if (namespace.isPresent()) {
            try {
                NetworkNamespace.open(namespace.get()).close();
            } catch (NativeException e) {
                return failure(Reason.SANDBOX_GONE, "its namespace is gone: " + e.getMessage());
            }
        }
        Path directory = Path.of(start.getWorkingDirectory().isEmpty() ? "/" : start.getWorkingDirectory());
        if (!Files.isDirectory(directory)) {
            return failure(Reason.OTHER, "there is no directory " + directory);
        }
        String path = SandboxCommand.environment(sandbox, start).getOrDefault("PATH", "");
        return switch (CommandLookup.find(start.getCommand(0), path, directory)) {
            case CommandLookup.Found _ -> Optional.empty();
            case CommandLookup.NotFound(String why) -> failure(Reason.COMMAND_NOT_FOUND, why);
            case CommandLookup.NotExecutable(String why) -> failure(Reason.COMMAND_NOT_EXECUTABLE, why);
        };
    }

    private static Optional<ExecFailure> failure(Reason reason, String message) {
        return Optional.of(
                ExecFailure.newBuilder().setReason(reason).setMessage(message).build());
    }

    /** The sandbox whose namespace and files its commands get. */
    private Optional<SandboxRow> home(SandboxRow sandbox) {
        return sandbox.place() instanceof SandboxPlace.Shared(String owner)
                ? sandboxes.apply(owner)
                : Optional.of(sandbox);
    }

    private void run(ExecStart start, SandboxRow sandbox, SandboxRow home, ExecSession session) throws IOException {
        Map<String, String> environment = SandboxCommand.environment(home, start);
        String path = environment.getOrDefault("PATH", "");
        ProcessBuilder builder =
                new ProcessBuilder(SandboxCommand.line(home, directories, path, start.getCommandList()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", SandboxCommand.PATH);
        // Not wherever the daemon happens to have been started.
        builder.directory(new File(start.getWorkingDirectory().isEmpty() ? "/" : start.getWorkingDirectory()));
        Optional<Path> log = Optional.empty();
        if (start.getDetach()) {
            log = Optional.of(newLog(sandbox.id()));
            // No pipe leads to the daemon, so the command outlives it.
            builder.redirectInput(new File("/dev/null"));
            builder.redirectErrorStream(true);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.get().toFile()));
        }
        Process process = builder.start();
        SandboxProcess.of(process.pid()).ifPresent(started -> processes.record(sandbox.id(), started));
        LOG.info("started process {} in sandbox {}", process.pid(), sandbox.name());
        ExecReply started = ExecReply.newBuilder()
                .setStarted(ExecStarted.newBuilder()
                        .setPid(process.pid())
                        .setLogPath(log.map(Path::toString).orElse("")))
                .build();
        if (start.getDetach()) {
            session.finish(started);
        } else {
            session.pipe(process, started);
        }
    }

    private Path newLog(String sandboxId) throws IOException {
        Path logs = directories.logs(sandboxId);
        Files.createDirectories(logs);
        return Files.createTempFile(
                logs,
                "command-",
                ".log",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
}
