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
        // From the jar's manifest; classes that run from a directory have none.
        String version = Weft.class.getPackage().getImplementationVersion();
        weft.terminal()
                .out()
                .println("weft " + (version == null ? "(development)" : version) + ", Java " + Runtime.version());
        return ExitCode.OK.code();
    }
}
