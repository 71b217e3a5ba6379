package dev.weft.controlplane.api.grpc;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file of a listening unix socket. The socket is bound in a private directory and moved to its place when its mode is
 * set, so nobody but the owner can ever connect.
 */
final class UnixSocketFile {

    /** {@code sun_path} of unix(7), less the final zero. */
    private static final int MAX_PATH_BYTES = 107;

    private final Path path;
    private final Path privateDirectory;

    private UnixSocketFile(Path path, Path privateDirectory) {
        this.path = path;
        this.privateDirectory = privateDirectory;
    }

    /**
     * Prepares the place: makes the directory, and removes the file of a socket on which nobody listens any more.
     *
     * @throws IOException if somebody does, if the place is taken by something else, or if the path is too long
     */
    static UnixSocketFile prepare(Path path) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("cannot listen on " + path + ": it is a directory");
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + path + ": making its directory failed: " + e, e);
        }
        if (Files.exists(path)) {
            removeStale(path);
        }
        Path privateDirectory;
        try {
            privateDirectory = Files.createTempDirectory(
                    directory, ".", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new IOException("cannot listen on " + path + ": writing to its directory failed: " + e, e);
        }
        UnixSocketFile file = new UnixSocketFile(path, privateDirectory);
        int length = file.bindPath().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH_BYTES) {
            Files.delete(privateDirectory);
            throw new IOException("cannot listen on " + path + ": the path is too long for a unix socket by "
                    + (length - MAX_PATH_BYTES) + " bytes; choose a shorter run directory");
        }
        return file;
    }

    /** Where to bind. */
    Path bindPath() {
        return privateDirectory.resolve("s");
    }

    Path path() {
        return path;
    }

    /** To be called when bound: makes the socket the owner's alone and puts it in its place. */
    void publish() throws IOException {
        Files.setPosixFilePermissions(bindPath(), PosixFilePermissions.fromString("rw-------"));
        Files.move(bindPath(), path, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(privateDirectory);
    }

    void remove() throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(bindPath());
        Files.deleteIfExists(privateDirectory);
    }

    private static void removeStale(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobodyAnswers) {
            if (!Files.isRegularFile(path) && !Files.isDirectory(path)) {
                Files.delete(path);
                return;
            }
            throw new IOException("cannot listen on " + path + ": there is a file of that name that is no socket");
        }
        throw new IOException("cannot listen on " + path + ": another process answers there");
    }
}
