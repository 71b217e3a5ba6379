package dev.weft.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
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
                new BufferedOutputStream(new StandardOutput(), BUFFER_BYTES), false, StandardCharsets.UTF_8);
        return new Terminal(System.in, out, System.err, isTerminal(FileDescriptors.ERR));
    }

    /** A line beside the output, which does not make the command fail. */
    public void warn(String warning) {
        err.println("weft: warning: " + warning);
        err.flush();
    }

    /** A print stream keeps to itself why it could not write: it is told here, once, except when the reader simply has enough. */
    private static final class StandardOutput extends FilterOutputStream {

        private boolean failed;

        StandardOutput() {
            super(new FileOutputStream(FileDescriptor.out));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                if (!failed && !String.valueOf(e.getMessage()).contains("Broken pipe")) {
                    System.err.println("weft: writing the output failed: " + e.getMessage());
                }
                failed = true;
                throw e;
            }
        }
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
