package dev.weft.node.netns;

import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.FileDescriptor;
import dev.weft.node.nativelib.LibC;
import dev.weft.node.nativelib.NativeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A held network namespace: it exists at least until this is closed. */
public final class NetworkNamespace implements AutoCloseable {

    private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/ns/net");

    private final FileDescriptor descriptor;
    private final NamespaceId id;
    private final String name;

    private NetworkNamespace(FileDescriptor descriptor, String name) {
        this.descriptor = descriptor;
        this.name = name;
        this.id = identify(Path.of("/proc/self/fd/" + descriptor.number()));
    }

    /**
     * Opens the namespace bound at a path, such as one that {@link NamespaceFiles} made, or {@code /proc/PID/ns/net}.
     *
     * @throws NativeException ENOENT when there is no such path, EINVAL when it is not a network namespace
     */
    public static NetworkNamespace open(Path path) {
        return open(path, path.toString());
    }

    /** Opens the namespace that the calling thread is in. */
    public static NetworkNamespace current() {
        return open(OF_THIS_THREAD, "the current network namespace");
    }

    private static NetworkNamespace open(Path path, String name) {
        LibC libC = LibC.system();
        FileDescriptor descriptor = libC.open(path);
        try {
            if (!libC.isNetworkNamespace(descriptor)) {
                throw new NativeException("open network namespace " + path, Errno.EINVAL, "it is another kind of file");
            }
            return new NetworkNamespace(descriptor, name);
        } catch (RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /**
     * The identity of the namespace at a path, without holding it.
     *
     * @throws UncheckedIOException if there is nothing at the path
     */
    public static NamespaceId identify(Path path) {
        try {
            return new NamespaceId(
                    (long) Files.getAttribute(path, "unix:dev"), (long) Files.getAttribute(path, "unix:ino"));
        } catch (IOException e) {
            throw new UncheckedIOException("read the identity of network namespace " + path, e);
        }
    }

    public NamespaceId id() {
        return id;
    }

    /** For handing the namespace to the kernel, as in {@code IFLA_NET_NS_FD}; valid until {@link #close()}. */
    public FileDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return name + " " + id;
    }
}
