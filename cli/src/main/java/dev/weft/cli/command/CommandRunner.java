package dev.weft.cli.command;

import dev.weft.api.v1.ExecStart;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Terminal;
import dev.weft.cli.client.CallFailure;
import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ExecSession;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;

/** Runs a command in a sandbox in the foreground: Ctrl-C and SIGTERM go to it, its exit code comes back. */
final class CommandRunner {

    private static final Map<String, Integer> FORWARDED = Map.of("INT", 2, "TERM", 15);

    /** A command that does not heed the first ones is left to itself. */
    private static final int SIGNALS_UNTIL_GIVING_UP = 3;

    private static final String REASON_NOT_FOUND = "COMMAND_NOT_FOUND";
    private static final String REASON_NOT_EXECUTABLE = "COMMAND_NOT_EXECUTABLE";

    private CommandRunner() {}

    /**
     * @param ownFailure exit code when Weft, not the command, fails
     */
    static int run(Connection connection, ExecStart start, Terminal terminal, boolean stdin, ExitCode ownFailure) {
        try (ExecSession session = ExecSession.start(connection, start, terminal, stdin)) {
            forwardSignals(session);
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

    private static void forwardSignals(ExecSession session) {
        AtomicInteger count = new AtomicInteger();
        Thread main = Thread.currentThread();
        FORWARDED.forEach((name, number) -> Signal.handle(new Signal(name), _ -> {
            if (count.incrementAndGet() >= SIGNALS_UNTIL_GIVING_UP) {
                main.interrupt();
            } else {
                session.signal(number);
            }
        }));
    }
}
