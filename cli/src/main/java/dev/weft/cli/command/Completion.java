package dev.weft.cli.command;

import dev.weft.cli.CliException;
import dev.weft.cli.CommandTree;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft completion}. */
@Command(description = "Print a completion script: source <(weft completion bash).")
public final class Completion implements Callable<Integer> {

    @Parameters(arity = "1", paramLabel = "bash|zsh", description = "The shell.")
    private String shell = "";

    private final Weft weft;

    public Completion(Weft weft) {
        this.weft = weft;
    }

    @Override
    public Integer call() {
        String script = AutoComplete.bash("weft", new CommandTree(weft).whole());
        weft.terminal()
                .out()
                .print(
                        switch (shell) {
                            case "bash" -> script;
                            case "zsh" -> "autoload -U +X bashcompinit && bashcompinit\n" + script;
                            default ->
                                throw CliException.usage("unknown shell \"" + shell + "\": there are bash and zsh");
                        });
        return ExitCode.OK.code();
    }
}
