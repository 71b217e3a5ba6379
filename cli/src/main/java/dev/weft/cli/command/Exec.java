package dev.weft.cli.command;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft exec}. */
@Command(description = "Run a command in a sandbox, wherever it is.")
public final class Exec implements Callable<Integer> {

    @Mixin
    private ExecOptions options = new ExecOptions();

    @Parameters(index = "0", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private String sandbox = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments.")
    private List<String> command = List.of();

    private final Weft weft;

    public Exec(Weft weft) {
        this.weft = weft;
    }

    @Override
    public Integer call() {
        options.check();
        List<String> words = ExecOptions.commandOf(command);
        if (words.isEmpty()) {
            throw CliException.usage("no command given after --");
        }
        try (Connection connection = weft.connect()) {
            return CommandRunner.run(
                    connection,
                    options.toStart(weft, sandbox, words),
                    weft.terminal(),
                    options.interactive(),
                    ExitCode.RUN_FAILED);
        }
    }
}
