package dev.weft.cli.command;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code weft restore}. No request to a control plane: one that runs has nodes that would follow each step. The store is opened
 * by {@code weft-control-plane restore} on this host.
 */
@Command(
        description = {
            "Bring an empty store to what a backup has, while no control plane runs on it.",
            "Runs weft-control-plane restore on this host with all arguments, among them: FILE, --store sqlite|etcd,"
                    + " --state-dir DIR, --etcd-endpoints HOST:PORT[,...], --etcd-prefix PREFIX, --config FILE, and"
                    + " --force to replace what the store has."
        },
        customSynopsis = "weft restore [OPTION...] FILE")
public final class Restore implements Callable<Integer> {

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        if (arguments.isEmpty()) {
            throw CliException.usage("say which FILE to restore from");
        }
        String home = System.getProperty("weft.home", "");
        if (home.isEmpty()) {
            throw CliException.failure("cannot find weft-control-plane: start this command through bin/weft");
        }
        List<String> command = new ArrayList<>(
                List.of(Path.of(home, "bin", "weft-control-plane").toString(), "restore"));
        command.addAll(arguments);
        Process process;
        try {
            process = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILURE, "starting " + command.getFirst() + " failed: " + e.getMessage(), e);
        }
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted; the store is restored in part: repeat it", e);
        }
    }
}
