package dev.weft.cli.client;

import com.google.protobuf.ByteString;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.api.v1.ExecStart;
import dev.weft.cli.Terminal;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One command in a sandbox: its output goes to the terminal, the terminal's input to it if asked for.
 *
 * <p>Replies are handled on a thread of their own, which may block on a full pipe without keeping signals from going out.
 * Requests come from several threads and go out one at a time, under this object's lock.
 */
public final class ExecSession implements AutoCloseable {

    private static final int CHUNK_BYTES = 32 << 10;
    private static final int NO_EXIT_CODE = 0;

    private final Terminal terminal;
    private final Executor replies = newRepliesExecutor();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final Object lock = new Object();
    private final ClientCallStreamObserver<ExecRequest> requests;
    private final boolean detached;
    private boolean finished;

    private ExecSession(ExecServiceGrpc.ExecServiceStub stub, ExecStart start, Terminal terminal) {
        this.terminal = terminal;
        this.detached = start.getDetach();
        Replies observer = new Replies();
        requests = (ClientCallStreamObserver<ExecRequest>)
                stub.withExecutor(replies).exec(observer);
        send(ExecRequest.newBuilder().setStart(start).build());
    }

    /**
     * @param stdin whether the terminal's input goes to the command; it sees an empty one otherwise
     */
    public static ExecSession start(Connection connection, ExecStart start, Terminal terminal, boolean stdin) {
        ExecSession session = new ExecSession(connection.exec(), start, terminal);
        if (stdin) {
            Thread.ofPlatform().name("exec-stdin").daemon().start(session::forwardInput);
        } else {
            session.send(ExecRequest.newBuilder().setStdinEof(true).build());
        }
        return session;
    }

    /**
     * The command's exit code, 0 for one that is left running.
     *
     * @throws ExecutionException with what the call failed with
     */
    public int await() throws ExecutionException, InterruptedException {
        return exitCode.get();
    }

    /** Sends a signal to the command's process group. */
    public void signal(int number) {
        send(ExecRequest.newBuilder().setSignal(number).build());
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (!finished) {
                finished = true;
                requests.cancel("the caller has gone", null);
            }
            lock.notifyAll();
        }
    }

    /**
     * Never shut down, as the call may end after its session: one that refused to hear of that would break the channel,
     * with all other calls on it. Its thread goes when it has had nothing to do for a second.
     */
    private static Executor newRepliesExecutor() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("exec-replies").daemon().factory());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private void send(ExecRequest request) {
        synchronized (lock) {
            if (!finished) {
                requests.onNext(request);
            }
        }
    }

    private void forwardInput() {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int length = terminal.in().read(chunk);
                    length >= 0;
                    length = terminal.in().read(chunk)) {
                awaitReady();
                send(ExecRequest.newBuilder()
                        .setStdin(ByteString.copyFrom(Arrays.copyOf(chunk, length)))
                        .build());
            }
            send(ExecRequest.newBuilder().setStdinEof(true).build());
        } catch (IOException e) {
            terminal.err().println("weft: reading standard input failed: " + e.getMessage());
            send(ExecRequest.newBuilder().setStdinEof(true).build());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps a fast input from filling memory when the command reads slowly. */
    private void awaitReady() throws InterruptedException {
        synchronized (lock) {
            while (!finished && !requests.isReady()) {
                lock.wait();
            }
        }
    }

    private void write(PrintStream stream, ByteString bytes) {
        byte[] copy = bytes.toByteArray();
        stream.write(copy, 0, copy.length);
        stream.flush();
    }

    private final class Replies implements ClientResponseObserver<ExecRequest, ExecReply> {

        private int code = NO_EXIT_CODE;
        private boolean ended;

        @Override
        public void beforeStart(ClientCallStreamObserver<ExecRequest> stream) {
            stream.setOnReadyHandler(() -> {
                synchronized (lock) {
                    lock.notifyAll();
                }
            });
        }

        @Override
        public void onNext(ExecReply reply) {
            switch (reply.getReplyCase()) {
                case STARTED -> ended = detached;
                case STDOUT -> write(terminal.out(), reply.getStdout());
                case STDERR -> write(terminal.err(), reply.getStderr());
                case EXIT_CODE -> {
                    ended = true;
                    code = reply.getExitCode();
                    finish();
                    exitCode.complete(code);
                }
                case FAILURE ->
                    exitCode.completeExceptionally(Status.FAILED_PRECONDITION
                            .withDescription(reply.getFailure().getMessage())
                            .asRuntimeException());
                case REPLY_NOT_SET -> {}
            }
        }

        @Override
        public void onError(Throwable thrown) {
            finish();
            exitCode.completeExceptionally(thrown);
        }

        @Override
        public void onCompleted() {
            finish();
            if (ended) {
                exitCode.complete(code);
            } else {
                exitCode.completeExceptionally(Status.INTERNAL
                        .withDescription("the node ended the command's stream without an exit code")
                        .asRuntimeException());
            }
        }

        private void finish() {
            synchronized (lock) {
                if (!finished) {
                    finished = true;
                    requests.onCompleted();
                }
                lock.notifyAll();
            }
        }
    }
}
