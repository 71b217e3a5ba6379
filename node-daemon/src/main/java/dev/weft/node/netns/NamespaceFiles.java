package dev.weft.node.netns;

import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.LibC;
import dev.weft.node.nativelib.NativeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Named network namespaces: each a file in one directory with an nsfs mount on it, like {@code ip netns} has them in
 * {@code /run/netns}. A namespace with a file outlives the process that made it.
 */
public final class NamespaceFiles {

    /** Two threads that both find the directory not yet mounted must not mount it twice. */
    private static final Object DIRECTORY_LOCK = new Object();

    private final Path directory;

    /** @param directory where the files lie; created when first needed */
    public NamespaceFiles(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    public Path path(String name) {
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0 || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "invalid namespace name '" + name + "': it should be a file name without '/' or a leading dot");
        }
        return directory.resolve(name);
    }

    /**
     * Creates a namespace. Like {@code ip netns add NAME}.
     *
     * @return the path of its file
     * @throws NativeException EEXIST if the name is taken
     */
    public Path create(String name) {
        Path file = path(name);
        prepareDirectory();
        createFile(file);
        try {
            return NamespaceThreads.callInNew(() -> {
                LibC.system().bindMount(Path.of("/proc/thread-self/ns/net"), file);
                return file;
            });
        } catch (RuntimeException e) {
            deleteFile(file);
            throw e;
        }
    }

    /**
     * Gives a namespace of somebody else's a name here. Like {@code ip netns attach NAME PID}: it exists at least as long as
     * its name.
     *
     * @return the path of its file
     * @throws NativeException EEXIST if the name is taken
     */
    public Path keep(String name, NetworkNamespace namespace) {
        Path file = path(name);
        prepareDirectory();
        createFile(file);
        try {
            LibC.system()
                    .bindMount(Path.of("/proc/self/fd/" + namespace.descriptor().number()), file);
            return file;
        } catch (RuntimeException e) {
            deleteFile(file);
            throw e;
        }
    }

    private static void createFile(Path file) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------")));
        } catch (FileAlreadyExistsException e) {
            throw new NativeException("create network namespace " + file, Errno.EEXIST);
        } catch (IOException e) {
            throw new UncheckedIOException("create network namespace " + file, e);
        }
    }

    /**
     * Deletes a namespace's name. Like {@code ip netns del NAME}: the namespace itself goes when its last process,
     * socket and descriptor are gone. A file without a mount, as a crash can leave it, is removed too.
     *
     * @return false if there was no such name
     */
    public boolean delete(String name) {
        Path file = path(name);
        try {
            LibC.system().unmountLazily(file);
        } catch (NativeException e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return false;
            }
            if (!e.errno().equals(Errno.EINVAL)) {
                throw e;
            }
        }
        return deleteFile(file);
    }

    /** The names of all namespaces here, sorted. Like {@code ip netns list}; files without a mount are left out. */
    public List<String> list() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(NamespaceFiles::isNamespace)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("list network namespaces in " + directory, e);
        }
    }

    private static boolean isNamespace(Path file) {
        try (NetworkNamespace opened = NetworkNamespace.open(file)) {
            return opened.id().inode() != 0;
        } catch (NativeException e) {
            // Another file, or one removed since the directory was read.
            if (e.errno().equals(Errno.EINVAL) || e.errno().equals(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Makes the directory a shared mount of its own, so that a name's removal here also reaches mount namespaces that were
     * made meanwhile: else such a copy would keep the network namespace alive.
     */
    private void prepareDirectory() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("create " + directory, e);
        }
        LibC libC = LibC.system();
        synchronized (DIRECTORY_LOCK) {
            try {
                libC.makeMountShared(directory);
            } catch (NativeException e) {
                if (!e.errno().equals(Errno.EINVAL)) {
                    throw e;
                }
                libC.bindMount(directory, directory);
                libC.makeMountShared(directory);
            }
        }
    }

    /**
     * Takes back the directory's own mount, when no namespace is left in it.
     *
     * @throws IllegalStateException if there still is one
     */
    public void release() {
        List<String> left = list();
        if (!left.isEmpty()) {
            throw new IllegalStateException("network namespaces are left in " + directory + ": " + left);
        }
        try {
            LibC.system().unmountLazily(directory);
        } catch (NativeException e) {
            if (!e.errno().equals(Errno.EINVAL) && !e.errno().equals(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    private static boolean deleteFile(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("delete " + file, e);
        }
    }
}
