package dev.weft.cli.command;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Terminal;
import dev.weft.cli.Weft;
import dev.weft.cli.client.CallFailure;
import dev.weft.cli.client.Connection;
import io.grpc.StatusRuntimeException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;

/** A command that talks to the control plane over one connection, closed at its end. */
abstract class ClientCommand implements Callable<Integer> {

    /** One step of a command that goes on with the next reference when it fails with one. */
    @FunctionalInterface
    interface Step {
        void run(String reference);
    }

    private final Weft weft;

    ClientCommand(Weft weft) {
        this.weft = weft;
    }

    @Override
    public final Integer call() {
        try (Connection connection = weft.connect()) {
            try {
                return execute(connection).code();
            } catch (StatusRuntimeException e) {
                throw failure(connection, e);
            }
        }
    }

    abstract ExitCode execute(Connection connection);

    /** What a failed call ends the command with. */
    CliException failure(Connection connection, StatusRuntimeException thrown) {
        return CallFailure.of(thrown, connection.address()).toException();
    }

    final Weft weft() {
        return weft;
    }

    final Terminal terminal() {
        return weft.terminal();
    }

    final PrintStream out() {
        return weft.terminal().out();
    }

    /** Each reference in turn; those that fail are reported, and make the command fail at its end. */
    final ExitCode forEach(Connection connection, List<String> references, Step step) {
        ExitCode result = ExitCode.OK;
        for (String reference : references) {
            try {
                step.run(reference);
            } catch (StatusRuntimeException e) {
                out().flush();
                CallFailure failure = CallFailure.of(e, connection.address());
                terminal().err().println("weft: " + failure.message());
                result = ExitCode.FAILURE;
            }
        }
        return result;
    }
}
