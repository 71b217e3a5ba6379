package dev.weft.cli.command;

import dev.weft.api.v1.ExecStart;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Terminal;
import dev.weft.cli.client.CallFailure;
import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ExecSession;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;

/**
 * Runs a command in a sandbox in the foreground: signals go to it, its exit code comes back. SIGQUIT does not, it is the
 * JVM's own.
 */
final class CommandRunner {

    private static final Map<String, Integer> FORWARDED = Map.of("HUP", 1, "INT", 2, "USR1", 10, "TERM", 15);

    /** What somebody sends again who loses patience. */
    private static final Set<String> INSISTENT = Set.of("INT", "TERM");

    /** A command that does not heed the first ones is left to itself. */
    private static final int SIGNALS_UNTIL_GIVING_UP = 3;

    private static final String REASON_NOT_FOUND = "COMMAND_NOT_FOUND";
    private static final String REASON_NOT_EXECUTABLE = "COMMAND_NOT_EXECUTABLE";

    private CommandRunner() {}

    /**
     * @param ownFailure exit code when Weft, not the command, fails
     */
    static int run(Connection connection, ExecStart start, Terminal terminal, boolean stdin, ExitCode ownFailure) {
        // Before the command can be seen to run: who sees it may send a signal at once.
        CompletableFuture<ExecSession> started = forwardSignals();
        try (ExecSession session = ExecSession.start(connection, start, terminal, stdin)) {
            started.complete(session);
            return session.await();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            CallFailure failure = CallFailure.of(cause, connection.address());
            throw failure.toException(
                    switch (failure.reason()) {
                        case REASON_NOT_FOUND -> ExitCode.NOT_FOUND;
                        case REASON_NOT_EXECUTABLE -> ExitCode.NOT_EXECUTABLE;
                        default -> ownFailure;
                    });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    /** What comes before the session is there waits for it. */
    private static CompletableFuture<ExecSession> forwardSignals() {
        CompletableFuture<ExecSession> started = new CompletableFuture<>();
        AtomicInteger count = new AtomicInteger();
        Thread main = Thread.currentThread();
        FORWARDED.forEach((name, number) -> Signal.handle(new Signal(name), _ -> {
            if (INSISTENT.contains(name) && count.incrementAndGet() >= SIGNALS_UNTIL_GIVING_UP) {
                main.interrupt();
            } else {
                var _ = started.thenAccept(session -> session.signal(number));
            }
        }));
        return started;
    }
}
