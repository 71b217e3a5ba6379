package dev.weft.chaos.cluster;

import dev.weft.lab.LabException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * Daemons' wall clocks, moved by libfaketime: Linux has no namespace for that clock. The tree that the lab starts its processes
 * from is one of links, in which {@code weft-node} preloads the library and then is the real one. The clock that measures times
 * is left alone, as it is on a machine whose date somebody sets.
 */
final class Clocks {

    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"));

    private final Path directory;

    private Clocks(Path directory) {
        this.directory = directory;
    }

    /** Where the library is; empty where it is not installed. */
    static Optional<Path> library() {
        return LIBRARIES.stream().filter(Files::isReadable).findFirst();
    }

    /**
     * Makes the tree.
     *
     * @param home the checkout or installed tree
     * @param directory is created
     */
    static Clocks create(Path home, Path directory, Path library) {
        try {
            Path bin = Files.createDirectories(directory.resolve("bin"));
            try (var files = Files.list(home.resolve("bin"))) {
                for (Path file : files.toList()) {
                    if (!file.getFileName().toString().equals("weft-node")) {
                        Files.createSymbolicLink(bin.resolve(file.getFileName()), file);
                    }
                }
            }
            Path launcher = bin.resolve("weft-node");
            // The first argument pair is --name NODE.
            Files.writeString(launcher, """
                    #!/bin/sh
                    # Without the last one, each timed wait of a JVM returns at once, and its threads spin.
                    export LD_PRELOAD=%s FAKETIME_TIMESTAMP_FILE=%s/clock-$2 FAKETIME_CACHE_DURATION=1
                    export FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0
                    exec %s "$@"
                    """.formatted(library, directory, home.resolve("bin/weft-node")));
            Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
            return new Clocks(directory);
        } catch (IOException e) {
            throw new LabException("make a tree with clocks in " + directory + ": " + e.getMessage(), e);
        }
    }

    Path home() {
        return directory;
    }

    /** From now on, within a second, the daemon's clock is so far off. */
    void move(String node, long seconds) {
        try {
            // Renamed into place: the library must not read half a number.
            Path next = directory.resolve("next-" + node);
            Files.writeString(next, (seconds < 0 ? "" : "+") + seconds + "s\n");
            Files.move(next, directory.resolve("clock-" + node), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("move the clock of " + node, e);
        }
    }
}
