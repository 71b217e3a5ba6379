package dev.weft.cli.command;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** When a process of this machine started: with its number it names the process for good. */
final class ProcessStart {

    private ProcessStart() {}

    /**
     * @return in clock ticks since boot: field 22 of proc_pid_stat(5)
     * @throws CliException if there is no such process
     */
    static long of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The second field, the name, may contain anything, parentheses too.
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new CliException(ExitCode.FAILURE, "there is no process " + pid + " on this host");
        }
    }
}
