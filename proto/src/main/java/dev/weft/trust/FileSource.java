package dev.weft.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What files say, read again when they have changed. It is asked for at each handshake: what is new counts from the next
 * connection on, and those that there are stay.
 */
public final class FileSource<T> implements Supplier<T> {

    /** What a file looks like from outside; a new file in the place of an old one is another, whatever its time. */
    private record Look(FileTime modified, long size, Optional<Object> identity) {}

    /** What was read, and what the files looked like when they were read, or could not be, last. */
    private record Read<T>(T content, List<Optional<Look>> looks) {}

    private final List<Path> files;
    private final Supplier<T> reader;
    private final Consumer<String> problems;
    private final AtomicReference<Read<T>> newest;

    private FileSource(List<Path> files, Supplier<T> reader, Consumer<String> problems) {
        this.files = List.copyOf(files);
        this.reader = reader;
        this.problems = problems;
        List<Optional<Look>> looks = looks();
        this.newest = new AtomicReference<>(new Read<>(reader.get(), looks));
    }

    /**
     * Files, which are read again when they have changed. What cannot be used then is told once and left: the last that could
     * goes on being used.
     *
     * @param reader makes something of the files, or throws a {@link TrustException}
     * @param problems is told what is wrong with changed files
     * @throws TrustException if they cannot be used now
     */
    public static <T> FileSource<T> of(List<Path> files, Supplier<T> reader, Consumer<String> problems) {
        return new FileSource<>(files, reader, problems);
    }

    /** A key with its certificate, which may be in one file. */
    public static FileSource<KeyAndChain> keyAndChain(Path certificateFile, Path keyFile, Consumer<String> problems) {
        return of(List.of(certificateFile, keyFile), () -> PemFiles.keyAndChain(certificateFile, keyFile), problems);
    }

    /** Certificates of whom to believe. */
    public static FileSource<List<X509Certificate>> certificates(Path file, Consumer<String> problems) {
        return of(List.of(file), () -> PemFiles.certificates(file), problems);
    }

    @Override
    public T get() {
        Read<T> known = newest.get();
        List<Optional<Look>> looks = looks();
        if (known.looks().equals(looks)) {
            return known.content();
        }
        T content;
        try {
            content = reader.get();
        } catch (TrustException e) {
            // Perhaps one of two files is there and the other is to come: then they look different again.
            problems.accept(String.valueOf(e.getMessage()));
            content = known.content();
        }
        newest.set(new Read<>(content, looks));
        return content;
    }

    private List<Optional<Look>> looks() {
        return files.stream().map(FileSource::look).toList();
    }

    private static Optional<Look> look(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Look(
                    attributes.lastModifiedTime(), attributes.size(), Optional.ofNullable(attributes.fileKey())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
