package dev.weft.cli.command;

import dev.weft.api.v1.ExecStart;
import dev.weft.cli.CliException;
import dev.weft.cli.Weft;
import java.util.List;
import picocli.CommandLine.Option;

/** What a command runs with, in run and exec. */
final class ExecOptions {

    @Option(
            names = {"-d", "--detach"},
            description = "Leave it running; its output goes to a file on the node.")
    private boolean detach;

    @Option(
            names = {"-i", "--interactive"},
            description = "Standard input goes to the command.")
    private boolean interactive;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME[=VALUE]",
            description = "Environment variable; without a value the caller's own. Repeatable.")
    private List<String> environment = List.of();

    @Option(
            names = {"-w", "--workdir"},
            paramLabel = "DIRECTORY",
            description = "Directory on the node to run in.")
    private String workingDirectory = "";

    boolean detach() {
        return detach;
    }

    boolean interactive() {
        return interactive;
    }

    /** Refuses what cannot be before anything is made. */
    void check() {
        if (detach && interactive) {
            throw CliException.usage("--detach and --interactive exclude each other");
        }
    }

    ExecStart toStart(Weft weft, String sandbox, List<String> command) {
        ExecStart.Builder start = ExecStart.newBuilder()
                .setSandbox(sandbox)
                .addAllCommand(command)
                .setWorkingDirectory(workingDirectory)
                .setDetach(detach);
        for (String variable : environment) {
            int equals = variable.indexOf('=');
            if (equals == 0 || variable.isEmpty()) {
                throw CliException.usage("invalid environment variable \"" + variable + "\": give NAME=VALUE or NAME");
            }
            if (equals > 0) {
                start.putEnvironment(variable.substring(0, equals), variable.substring(equals + 1));
            } else if (weft.environment().containsKey(variable)) {
                start.putEnvironment(variable, weft.environment().getOrDefault(variable, ""));
            }
        }
        return start.build();
    }

    /** Without the {@code --} that may stand before a command. */
    static List<String> commandOf(List<String> arguments) {
        return !arguments.isEmpty() && arguments.getFirst().equals("--")
                ? arguments.subList(1, arguments.size())
                : arguments;
    }
}
