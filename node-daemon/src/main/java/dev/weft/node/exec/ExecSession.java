package dev.weft.node.exec;

import com.google.protobuf.ByteString;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecStart;
import dev.weft.api.v1.ExecStarted;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command from the control plane's asking to its end. gRPC's thread only queues requests, one at a time; a thread of
 * the session's own takes them, since writing to a process may block.
 */
final class ExecSession implements ClientResponseObserver<ExecReply, ExecRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(ExecSession.class);
    private static final int CHUNK_BYTES = 32 << 10;

    private final String execId;
    private final SandboxLocator sandboxes;
    private final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
    private final Object readiness = new Object();
    private @Nullable ClientCallStreamObserver<ExecReply> replies;
    private boolean over;

    /** What comes from the control plane. */
    private sealed interface Input {
        record Request(ExecRequest request) implements Input {}

        /** The caller will send no more, or has gone. */
        record End(boolean gone) implements Input {}
    }

    ExecSession(String execId, SandboxLocator sandboxes) {
        this.execId = execId;
        this.sandboxes = sandboxes;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ExecReply> stream) {
        replies = stream;
        stream.disableAutoRequestWithInitial(1);
        stream.setOnReadyHandler(() -> {
            synchronized (readiness) {
                readiness.notifyAll();
            }
        });
    }

    void begin() {
        Thread.ofPlatform().name("weft-exec-" + execId).daemon().start(this::run);
    }

    @Override
    public void onNext(ExecRequest request) {
        inputs.add(new Input.Request(request));
    }

    @Override
    public void onError(Throwable error) {
        endOfInput(true);
    }

    @Override
    public void onCompleted() {
        endOfInput(false);
    }

    private void endOfInput(boolean gone) {
        inputs.add(new Input.End(gone));
        if (gone) {
            synchronized (readiness) {
                over = true;
                readiness.notifyAll();
            }
        }
    }

    private void run() {
        try {
            Input first = inputs.take();
            if (!(first instanceof Input.Request(ExecRequest request)) || !request.hasStart()) {
                fail("an exec call begins with start");
                return;
            }
            ExecStart start = request.getStart();
            Optional<ExecPlace> place = sandboxes.find(start.getSandbox());
            if (place.isEmpty()) {
                fail("the sandbox is not built on its node yet, or not any more; look at 'weft sandbox inspect'");
            } else if (start.getDetach()) {
                runDetached(place.get(), start);
            } else {
                runAttached(place.get(), start);
            }
        } catch (IOException e) {
            fail("start the command: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("the daemon is ending");
        }
    }

    private void runDetached(ExecPlace place, ExecStart start) throws IOException, InterruptedException {
        Path log = place.logDirectory().resolve("exec-" + execId + ".log");
        Process process = ExecCommand.startDetached(place, start, log);
        send(ExecReply.newBuilder()
                .setStarted(ExecStarted.newBuilder().setPid(process.pid()).setLogPath(log.toString()))
                .build());
        stream().onCompleted();
    }

    private void runAttached(ExecPlace place, ExecStart start) throws IOException, InterruptedException {
        Process process = ExecCommand.start(place, start);
        try {
            send(ExecReply.newBuilder()
                    .setStarted(ExecStarted.newBuilder().setPid(process.pid()))
                    .build());
            List<Thread> pumps = new ArrayList<>();
            pumps.add(pump(
                    process.getInputStream(),
                    bytes -> ExecReply.newBuilder().setStdout(bytes).build()));
            pumps.add(pump(
                    process.getErrorStream(),
                    bytes -> ExecReply.newBuilder().setStderr(bytes).build()));
            Thread feeder =
                    Thread.ofPlatform().name("weft-exec-in-" + execId).daemon().start(() -> feed(process));
            stream().request(1);
            int exitCode = process.waitFor();
            for (Thread pump : pumps) {
                pump.join();
            }
            feeder.interrupt();
            send(ExecReply.newBuilder().setExitCode(exitCode).build());
            stream().onCompleted();
        } finally {
            endGroup(process, "KILL");
        }
    }

    /** Takes the caller's input to the process until it ends or the caller goes away. */
    private void feed(Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            while (true) {
                switch (inputs.take()) {
                    case Input.Request(ExecRequest request) -> {
                        apply(process, stdin, request);
                        stream().request(1);
                    }
                    case Input.End(boolean gone) -> {
                        if (gone) {
                            endGroup(process, "HUP");
                            process.destroyForcibly();
                        }
                        return;
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("The command of exec {} takes no more input", execId, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void apply(Process process, OutputStream stdin, ExecRequest request) throws IOException {
        switch (request.getRequestCase()) {
            case STDIN -> {
                request.getStdin().writeTo(stdin);
                stdin.flush();
            }
            case STDIN_EOF -> stdin.close();
            case SIGNAL -> endGroup(process, Integer.toString(request.getSignal()));
            case START, REQUEST_NOT_SET -> LOG.warn("Exec {} sent a second start, or nothing; ignored", execId);
        }
    }

    /** Sends a signal to the command's process group; the process is its leader. */
    private static void endGroup(Process process, String signal) {
        if (!process.isAlive() && !signal.equals("KILL")) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-s", signal, "--", "-" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.warn("Signal {} could not be sent to process group {}: {}", signal, process.pid(), e.getMessage());
        }
    }

    /** Makes a reply out of bytes. */
    private interface Packing {
        ExecReply pack(ByteString bytes);
    }

    private Thread pump(InputStream from, Packing packing) {
        return Thread.ofPlatform().name("weft-exec-out-" + execId).daemon().start(() -> {
            byte[] buffer = new byte[CHUNK_BYTES];
            try (from) {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    send(packing.pack(ByteString.copyFrom(buffer, 0, n)));
                }
            } catch (IOException e) {
                LOG.debug("Output of exec {} ended early", execId, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Sends when the stream can take it: a slow caller slows the command down, and costs no memory. */
    private void send(ExecReply reply) throws InterruptedException, IOException {
        synchronized (readiness) {
            BooleanSupplier ready = () -> stream().isReady();
            while (!over && !ready.getAsBoolean()) {
                readiness.wait(1000);
            }
            if (over) {
                throw new IOException("the caller has gone");
            }
            stream().onNext(reply);
        }
    }

    /** A client cannot end a call with a status of its own, so the reason travels as a reply. */
    private void fail(String reason) {
        synchronized (readiness) {
            if (!over) {
                over = true;
                stream().onNext(ExecReply.newBuilder().setFailure(reason).build());
                stream().onCompleted();
            }
        }
    }

    private ClientCallStreamObserver<ExecReply> stream() {
        ClientCallStreamObserver<ExecReply> stream = replies;
        if (stream == null) {
            throw new IllegalStateException("exec " + execId + " has no stream yet");
        }
        return stream;
    }
}
