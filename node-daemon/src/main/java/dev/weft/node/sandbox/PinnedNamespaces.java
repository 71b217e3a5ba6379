package dev.weft.node.sandbox;

import dev.weft.node.kernel.NamespaceOrigin;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NamespaceFiles;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.sandbox.SandboxProcesses.SandboxProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Namespaces of somebody else's that were found by a process. A process id means what it means for a moment only: so each
 * is looked at once, the namespace then has a mount of our own, and a record sees to it that the number is never looked at
 * for that sandbox again, not after a reboot either. Used by one thread.
 */
final class PinnedNamespaces {

    private final NamespaceFiles pins;
    private final SandboxDirectories directories;

    PinnedNamespaces(SandboxDirectories directories) {
        this.directories = directories;
        this.pins = new NamespaceFiles(directories.pinned());
    }

    /** The sandboxes whose namespaces are pinned, be it by an earlier run, with the processes that they were found by. */
    SortedMap<String, NamespaceOrigin> all() {
        SortedMap<String, NamespaceOrigin> found = new TreeMap<>();
        for (String id : pins.list()) {
            recorded(id).ifPresent(origin -> found.put(id, origin));
        }
        return found;
    }

    Path path(String sandboxId) {
        return pins.path(sandboxId);
    }

    /**
     * Opens the namespace: the pinned one, else the process's, which is not pinned yet.
     *
     * @throws NativeException if it was pinned once and is gone, or there is no such process, or it is another one
     */
    NetworkNamespace open(String sandboxId, NamespaceOrigin.OfProcess origin) {
        Path pin = pins.path(sandboxId);
        if (Files.exists(pin)) {
            try {
                return NetworkNamespace.open(pin);
            } catch (NativeException e) {
                // A file without a mount: from before a reboot, or somebody has unmounted it.
                boolean unusedRemoved = pins.delete(sandboxId);
            }
        }
        if (recorded(sandboxId).isPresent()) {
            throw new NativeException(
                    "open the network namespace of process " + origin.pid(),
                    Errno.ENOENT,
                    "it was held at " + pin + " and is gone, as after a restart of the host; the process id may mean"
                            + " another process by now: remove the sandbox and attach it anew");
        }
        return ofProcess(origin);
    }

    private static NetworkNamespace ofProcess(NamespaceOrigin.OfProcess origin) {
        String what = "open the network namespace of process " + origin.pid();
        SandboxProcess before = SandboxProcess.of(origin.pid())
                .orElseThrow(() -> new NativeException(what, Errno.ESRCH, "there is no such process on this node"));
        if (origin.startTime() != 0 && before.startTime() != origin.startTime()) {
            throw new NativeException(
                    what, Errno.ESRCH, "the process that was meant has ended, and another one has its number");
        }
        NetworkNamespace namespace = NetworkNamespace.open(Path.of("/proc/" + origin.pid() + "/ns/net"));
        // If it is the same one still, it was so when its namespace was opened.
        if (!before.isAlive()) {
            namespace.close();
            throw new NativeException(what, Errno.ESRCH, "the process has just ended");
        }
        return namespace;
    }

    /** Holds the namespace from now on; does nothing for one that is held already. */
    void pin(String sandboxId, NamespaceOrigin.OfProcess origin, NetworkNamespace namespace) {
        if (!Files.exists(pins.path(sandboxId))) {
            Path unusedPin = pins.keep(sandboxId, namespace);
        }
        Path record = directories.pinRecord(sandboxId);
        try {
            Files.createDirectories(record.getParent());
            Files.writeString(record, origin.pid() + " " + origin.startTime() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("record the process of sandbox " + sandboxId, e);
        }
    }

    /** Lets go of the namespace. It stays as long as its own processes, sockets and mounts hold it. */
    void unpin(String sandboxId) {
        boolean unusedWasThere = pins.delete(sandboxId);
        try {
            Files.deleteIfExists(directories.pinRecord(sandboxId));
        } catch (IOException e) {
            throw new UncheckedIOException("forget the process of sandbox " + sandboxId, e);
        }
    }

    private Optional<NamespaceOrigin> recorded(String sandboxId) {
        try {
            List<String> words = List.of(Files.readString(directories.pinRecord(sandboxId), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1));
            return Optional.of(
                    new NamespaceOrigin.OfProcess(Long.parseLong(words.get(0)), Long.parseLong(words.get(1))));
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("read the process of sandbox " + sandboxId, e);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // Cut off by a crash of the host: it says at least that there was one.
            return Optional.of(new NamespaceOrigin.OfProcess(0, 0));
        }
    }
}
