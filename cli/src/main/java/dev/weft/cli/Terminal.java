package dev.weft.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a command reads from and writes to.
 *
 * @param interactive whether standard error is a terminal: progress and questions make sense only there
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {

    private static final int BUFFER_BYTES = 16 << 10;

    /** The process's own streams. Output is buffered: whoever uses it flushes at the end. */
    public static Terminal ofProcess() {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
                false,
                StandardCharsets.UTF_8);
        return new Terminal(System.in, out, System.err, isTerminal(FileDescriptors.ERR));
    }

    private enum FileDescriptors {
        IN,
        OUT,
        ERR
    }

    // System.console() would answer this too, at the price of loading a line editor.
    private static boolean isTerminal(FileDescriptors descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor.ordinal()))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException _) {
            return false;
        }
    }
}
