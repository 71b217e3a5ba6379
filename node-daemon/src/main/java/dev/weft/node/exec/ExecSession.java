package dev.weft.node.exec;

import com.google.protobuf.ByteString;
import dev.weft.api.v1.ExecFailure;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecStart;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command and its stream. Output is read only while the stream takes more, input is asked for only when the command
 * has taken the last: neither a slow caller nor a slow command fills the daemon's memory.
 *
 * <p>When the stream breaks the command runs on and its output is dropped; when the caller gives it up, the command gets a
 * SIGHUP, as from a terminal that goes away.
 */
final class ExecSession implements ClientResponseObserver<ExecReply, ExecRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(ExecSession.class);
    private static final int CHUNK = 32 * 1024;
    private static final int SIGHUP = 1;

    private final BiConsumer<ExecStart, ExecSession> starter;
    /** Input for the command, in order; at most one message waits, as no more was asked for. */
    private final BlockingQueue<ExecRequest> input = new LinkedBlockingQueue<>();

    private final Object readiness = new Object();
    private @Nullable ClientCallStreamObserver<ExecReply> replies;
    private Optional<Process> process = Optional.empty();
    private boolean ended;

    ExecSession(BiConsumer<ExecStart, ExecSession> starter) {
        this.starter = starter;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ExecReply> stream) {
        replies = stream;
        stream.disableAutoRequestWithInitial(1);
        stream.setOnReadyHandler(this::wake);
    }

    @Override
    public void onNext(ExecRequest request) {
        switch (request.getRequestCase()) {
            // A platform thread: starting a process enters native code.
            case START -> {
                Thread unusedStarter = Thread.ofPlatform()
                        .name("exec start")
                        .daemon()
                        .start(() -> starter.accept(request.getStart(), this));
            }
            case SIGNAL -> {
                running().ifPresent(running -> signal(running, request.getSignal()));
                askForMore();
            }
            case STDIN, STDIN_EOF -> input.add(request);
            case REQUEST_NOT_SET -> askForMore();
        }
    }

    @Override
    public void onError(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        LOG.debug("an exec stream ended: {}", status);
        end();
        if (status.getCode() == Status.Code.CANCELLED) {
            running().ifPresent(running -> signal(running, SIGHUP));
        }
    }

    @Override
    public void onCompleted() {
        input.add(ExecRequest.newBuilder().setStdinEof(true).build());
    }

    /** The command was not started. */
    void refuse(ExecFailure.Reason reason, String problem) {
        LOG.info("a command was not started: {}", problem);
        finish(ExecReply.newBuilder()
                .setFailure(ExecFailure.newBuilder().setReason(reason).setMessage(problem))
                .build());
    }

    void finish(ExecReply last) {
        send(last);
        synchronized (readiness) {
            if (!ended && replies != null) {
                replies.onCompleted();
            }
            ended = true;
        }
    }

    /** Pipes until the command has ended and all of its output is sent. */
    void pipe(Process started, ExecReply first) {
        synchronized (readiness) {
            process = Optional.of(started);
        }
        send(first);
        Thread stdin = Thread.ofPlatform().name("exec stdin").daemon().start(() -> feed(started.getOutputStream()));
        Thread stderr = Thread.ofPlatform()
                .name("exec stderr")
                .daemon()
                .start(() -> drain(
                        started.getErrorStream(),
                        bytes -> ExecReply.newBuilder().setStderr(bytes).build()));
        askForMore();
        drain(
                started.getInputStream(),
                bytes -> ExecReply.newBuilder().setStdout(bytes).build());
        try {
            stderr.join();
            int exitCode = started.waitFor();
            stdin.interrupt();
            finish(ExecReply.newBuilder().setExitCode(exitCode).build());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void feed(OutputStream stdin) {
        try (stdin) {
            while (true) {
                ExecRequest request = input.take();
                if (request.getRequestCase() != ExecRequest.RequestCase.STDIN) {
                    // Signals are still to come.
                    askForMore();
                    return;
                }
                request.getStdin().writeTo(stdin);
                stdin.flush();
                askForMore();
            }
        } catch (IOException e) {
            // The command does not read any more: its right. What else comes is dropped.
            LOG.debug("a command closed its input", e);
            askForMore();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(InputStream output, Function<ByteString, ExecReply> wrapper) {
        byte[] buffer = new byte[CHUNK];
        try (output) {
            int read = output.read(buffer);
            while (read >= 0) {
                awaitReady();
                send(wrapper.apply(ByteString.copyFrom(buffer, 0, read)));
                read = output.read(buffer);
            }
        } catch (IOException e) {
            LOG.debug("reading a command's output ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReady() throws InterruptedException {
        synchronized (readiness) {
            while (!ended && replies != null && !replies.isReady()) {
                readiness.wait();
            }
        }
    }

    private void send(ExecReply reply) {
        synchronized (readiness) {
            if (!ended && replies != null) {
                replies.onNext(reply);
            }
        }
    }

    private void askForMore() {
        synchronized (readiness) {
            if (!ended && replies != null) {
                replies.request(1);
            }
        }
    }

    private void wake() {
        synchronized (readiness) {
            readiness.notifyAll();
        }
    }

    private void end() {
        synchronized (readiness) {
            ended = true;
            readiness.notifyAll();
        }
        input.add(ExecRequest.newBuilder().setStdinEof(true).build());
    }

    private Optional<Process> running() {
        synchronized (readiness) {
            return process.filter(Process::isAlive);
        }
    }

    /**
     * To the whole process group, which the command leads; to the process alone in the first moment, when it does not lead
     * one yet.
     */
    private static void signal(Process process, int signal) {
        if (signal < 1 || signal > 64) {
            return;
        }
        try {
            Process unusedKill = new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "kill -s \"$1\" -- \"-$2\" || kill -s \"$1\" -- \"$2\"",
                            "weft-signal",
                            Integer.toString(signal),
                            Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.warn("signal {} could not be sent to process group {}", signal, process.pid(), e);
        }
    }
}
