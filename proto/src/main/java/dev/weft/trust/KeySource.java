package dev.weft.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Where the key and the certificate of one end come from: the newest, asked for at each handshake. */
public final class KeySource implements Supplier<KeyAndChain> {

    /** What was read, and what the files looked like then. */
    private record Read(KeyAndChain material, Optional<FileTime> certificateTime, Optional<FileTime> keyTime) {}

    private final Path certificateFile;
    private final Path keyFile;
    private final Consumer<String> problems;
    private final AtomicReference<Read> newest;

    private KeySource(Path certificateFile, Path keyFile, Consumer<String> problems) {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.problems = problems;
        this.newest = new AtomicReference<>(read());
    }

    /**
     * Files, which are read again when they have changed. What cannot be used then is told and left: the last that could
     * goes on being used.
     *
     * @param problems is told what is wrong with changed files
     * @throws TrustException if they cannot be used now
     */
    public static KeySource ofFiles(Path certificateFile, Path keyFile, Consumer<String> problems) {
        return new KeySource(certificateFile, keyFile, problems);
    }

    private Read read() {
        Optional<FileTime> certificateTime = time(certificateFile);
        Optional<FileTime> keyTime = time(keyFile);
        return new Read(PemFiles.keyAndChain(certificateFile, keyFile), certificateTime, keyTime);
    }

    @Override
    public KeyAndChain get() {
        Read known = newest.get();
        if (known.certificateTime().equals(time(certificateFile))
                && known.keyTime().equals(time(keyFile))) {
            return known.material();
        }
        try {
            Read again = read();
            newest.set(again);
            return again.material();
        } catch (TrustException e) {
            // Perhaps one of two files is there and the other is to come.
            problems.accept(String.valueOf(e.getMessage()));
            return known.material();
        }
    }

    private static Optional<FileTime> time(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
