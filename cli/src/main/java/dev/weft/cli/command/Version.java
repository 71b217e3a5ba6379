package dev.weft.cli.command;

import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code weft version}. */
@Command(description = "Show the version of this command and the Java that runs it.")
public final class Version implements Callable<Integer> {

    private final Weft weft;

    public Version(Weft weft) {
        this.weft = weft;
    }

    @Override
    public Integer call() {
        weft.terminal().out().println(text());
        return ExitCode.OK.code();
    }

    /** One line. */
    public static String text() {
        // From the jar's manifest; classes that run from a directory have none.
        String version = Weft.class.getPackage().getImplementationVersion();
        return "weft " + (version == null ? "(development)" : version) + ", Java " + Runtime.version();
    }
}
