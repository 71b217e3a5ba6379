package dev.weft.cli.lab;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.lab.LabException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A command on labs; what the lab cannot do ends it with the lab's own words. */
abstract class LabCommand implements Callable<Integer> {

    private final Weft weft;

    LabCommand(Weft weft) {
        this.weft = weft;
    }

    @Override
    public final Integer call() {
        try {
            return execute();
        } catch (LabException e) {
            // Clearing up goes on after a failure; each of those is told.
            String message = Stream.concat(
                            Stream.of(e.getMessage()),
                            Arrays.stream(e.getSuppressed()).map(Throwable::getMessage))
                    .collect(Collectors.joining("; "));
            throw new CliException(ExitCode.FAILURE, message, e);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    abstract int execute();

    final PrintStream out() {
        return weft.terminal().out();
    }

    final Weft weft() {
        return weft;
    }
}
