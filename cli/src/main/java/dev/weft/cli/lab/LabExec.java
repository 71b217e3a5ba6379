package dev.weft.cli.lab;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import dev.weft.lab.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sun.misc.Signal;

/** {@code weft lab exec}: a command on a host of the lab, for which {@code weft} means that host's daemon. */
@Command(description = "Run a command on a host of the lab: h1, h2, …, cp (or cp1, …), etcd1, … or outside.")
public final class LabExec extends LabCommand {

    @Parameters(index = "0", paramLabel = "LAB", description = "Name of the lab.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "HOST", description = "h1, h2, …, cp (or cp1, …), etcd1, … or outside.")
    private String host = "";

    @Parameters(index = "2..*", arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments.")
    private List<String> command = List.of();

    public LabExec(Weft weft) {
        super(weft);
    }

    @Override
    int execute() {
        List<String> words = command.getFirst().equals("--") ? command.subList(1, command.size()) : command;
        if (words.isEmpty()) {
            throw CliException.usage("no command given after --");
        }
        Lab lab = Lab.find(name);
        LabHost machine = lab.machine(host);
        List<String> full = new ArrayList<>(List.of("nsenter", "--net=" + Namespaces.path(machine.namespace()), "--"));
        full.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(full).inheritIO();
        builder.environment().putAll(environment(machine));
        String path = weft().environment().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("PATH", machine.home().resolve("bin") + ":" + path);
        out().flush();
        try {
            // Ctrl-C reaches the command by itself, being of the same process group; its exit code is awaited. Handled,
            // not
            // ignored: what is ignored here would be ignored by the command too (execve(2)).
            Signal.handle(new Signal("INT"), _ -> {});
            return builder.start().waitFor();
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.RUN_FAILED, "starting " + full.getFirst() + " failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    private static Map<String, String> environment(LabHost machine) {
        Path socket = Files.exists(machine.nodeSocket()) ? machine.nodeSocket() : machine.controlPlaneSocket();
        return Map.of("WEFT_HOST", "unix://" + socket);
    }
}
