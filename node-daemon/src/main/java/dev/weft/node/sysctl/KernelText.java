package dev.weft.node.sysctl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of small files that the kernel makes when they are read. */
public final class KernelText {

    /** More than any sysctl's value. */
    private static final int LARGEST = 4096;

    private KernelText() {}

    /**
     * The text without white space at its end. {@link Files#readString} trusts the size that the kernel says, which is 0 here,
     * and begins with a single byte; a numeric sysctl answers the first read(2) and takes any further one for the end
     * (proc_dointvec in kernel/sysctl.c), so that 262144 would come out as 2.
     *
     * @throws java.nio.file.NoSuchFileException if the kernel has no such file
     */
    public static String read(Path file) throws IOException {
        byte[] buffer = new byte[LARGEST];
        int length = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer, length, buffer.length - length)) {
                length += read;
            }
        }
        return new String(buffer, 0, length, StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
