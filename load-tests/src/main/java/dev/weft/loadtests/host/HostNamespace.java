package dev.weft.loadtests.host;

import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * A network namespace of this run. It has no name on the file system: only this process's descriptor and the processes
 * inside keep it, so the kernel removes it and its links when the run ends, even when it is killed.
 */
public final class HostNamespace implements AutoCloseable {

    private final NetworkNamespace handle;
    private final Path path;

    private HostNamespace(NetworkNamespace handle, Path path) {
        this.handle = handle;
        this.path = path;
    }

    /** Makes an empty namespace with its loopback up. */
    public static HostNamespace create() {
        HostNamespace namespace = of(NamespaceThreads.callInNew(NetworkNamespace::current));
        namespace.ip("link set lo up");
        return namespace;
    }

    /** Holds a namespace that somebody else made, such as a container's {@code /proc/PID/ns/net}. */
    public static HostNamespace open(Path path) {
        return of(NetworkNamespace.open(path));
    }

    private static HostNamespace of(NetworkNamespace handle) {
        Path path = Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd")
                .resolve(Integer.toString(handle.descriptor().number()));
        return new HostNamespace(handle, path);
    }

    /** A path that other processes can open it by, for as long as this is open. */
    public Path path() {
        return path;
    }

    /** Runs lines of {@code ip} commands inside, in one process. */
    public void ip(String... lines) {
        Command.of("ip", "-batch", "-")
                .in(this)
                .input(String.join("\n", lines) + "\n")
                .run();
    }

    /** Sets a sysctl of this namespace, named with dots or slashes as in sysctl(8). */
    public void sysctl(String name, String value) {
        String unused =
                Command.of("sysctl", "-q", "-w", name + "=" + value).in(this).run();
    }

    /** Runs a task on a thread that is in the namespace. Sockets that it opens stay there and work from any thread. */
    public <T> T call(Callable<T> task) {
        return NamespaceThreads.call(handle, task);
    }

    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
