package dev.weft.node.sandbox;

import dev.weft.node.kernel.KernelObject.SandboxNamespace;
import dev.weft.node.kernel.NamespaceOrigin;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NamespaceFiles;
import dev.weft.node.netns.NamespaceId;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.sandbox.SandboxProcesses.SandboxProcess;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes, finds, and removes the namespaces of sandboxes, with what runs in them. Used by one thread. */
public final class SandboxNamespaces {

    private final NamespaceFiles files;
    private final PinnedNamespaces pinned;
    private final SandboxProcesses processes;
    private final Duration grace;
    private final InstantSource clock;

    /** When the processes of a sandbox that is being removed were asked to end. */
    private final Map<String, Instant> asked = new HashMap<>();

    /** @param grace how long processes may take to end after SIGTERM, before SIGKILL */
    public SandboxNamespaces(
            SandboxDirectories directories, SandboxProcesses processes, Duration grace, InstantSource clock) {
        this.files = new NamespaceFiles(directories.namespaces());
        this.pinned = new PinnedNamespaces(directories);
        this.processes = processes;
        this.grace = grace;
        this.clock = clock;
    }

    /** The namespaces that an earlier run has left mounts of: those that it made, and those that it held for others. */
    public List<SandboxNamespace> left() {
        return Stream.concat(
                        files.list().stream().map(id -> new SandboxNamespace(id, NamespaceOrigin.OWN)),
                        pinned.all().entrySet().stream()
                                .map(entry -> new SandboxNamespace(entry.getKey(), entry.getValue())))
                .toList();
    }

    /**
     * Opens a sandbox's namespace; one of our own is made first if it is not there.
     *
     * @throws NativeException if it cannot be made, or somebody else's is not where it should be
     */
    public NetworkNamespace open(SandboxNamespace sandbox) {
        return switch (sandbox.origin()) {
            case NamespaceOrigin.Own() -> openOwn(sandbox.sandboxId());
            case NamespaceOrigin.AtPath(String path) -> NetworkNamespace.open(Path.of(path));
            case NamespaceOrigin.OfProcess process -> pinned.open(sandbox.sandboxId(), process);
        };
    }

    private NetworkNamespace openOwn(String sandboxId) {
        Path path = files.path(sandboxId);
        if (Files.exists(path)) {
            try {
                return NetworkNamespace.open(path);
            } catch (NativeException e) {
                // A file without a mount, as a crash or a reboot can leave it.
                boolean unusedRemoved = files.delete(sandboxId);
            }
        }
        return NetworkNamespace.open(files.create(sandboxId));
    }

    /** Sees to it that a namespace that was opened can be found again, once it is clear that it is the sandbox's. */
    public void hold(SandboxNamespace sandbox, NetworkNamespace namespace) {
        if (sandbox.origin() instanceof NamespaceOrigin.OfProcess process) {
            pinned.pin(sandbox.sandboxId(), process, namespace);
        }
    }

    /** Whether somebody else's namespace is still the one that was opened, where it is to be found. */
    public boolean isStill(SandboxNamespace sandbox, NamespaceId opened) {
        return switch (sandbox.origin()) {
            case NamespaceOrigin.Own() -> true;
            case NamespaceOrigin.AtPath(String path) -> isAt(Path.of(path), opened);
            case NamespaceOrigin.OfProcess _ -> isAt(pinned.path(sandbox.sandboxId()), opened);
        };
    }

    private static boolean isAt(Path path, NamespaceId opened) {
        try {
            return NetworkNamespace.identify(path).equals(opened);
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /**
     * Takes the next step of a removal, and says what is still to be waited for; nothing when all is done. Processes of a
     * managed sandbox get SIGTERM, and after the grace SIGKILL; in an external namespace only those that the daemon
     * started.
     *
     * @param id of a managed sandbox's own namespace
     */
    public Optional<String> endProcesses(String sandboxId, Optional<NamespaceId> id) {
        Set<SandboxProcess> alive = processes.of(sandboxId, id);
        String removal = sandboxId + (id.isPresent() ? "" : " without its namespace");
        if (alive.isEmpty()) {
            asked.remove(removal);
            return Optional.empty();
        }
        Instant now = clock.instant();
        Instant since = asked.get(removal);
        if (since == null) {
            asked.put(removal, now);
            alive.forEach(process -> signal(process, Signal.TERM));
        } else if (Duration.between(since, now).compareTo(grace) >= 0) {
            alive.forEach(process -> signal(process, Signal.KILL));
        }
        return Optional.of("waits for " + alive.size() + " processes to end");
    }

    /** Removes what was mounted for a namespace: one of our own goes with that, somebody else's is theirs alone again. */
    public void remove(SandboxNamespace sandbox) {
        switch (sandbox.origin()) {
            case NamespaceOrigin.Own() -> {
                boolean unusedWasThere = files.delete(sandbox.sandboxId());
            }
            case NamespaceOrigin.AtPath _ -> {}
            case NamespaceOrigin.OfProcess _ -> pinned.unpin(sandbox.sandboxId());
        }
    }

    private enum Signal {
        TERM,
        KILL
    }

    private static void signal(SandboxProcess process, Signal signal) {
        if (process.isAlive()) {
            ProcessHandle.of(process.pid()).ifPresent(handle -> {
                boolean unusedSent = switch (signal) {
                    case TERM -> handle.destroy();
                    case KILL -> handle.destroyForcibly();
                };
            });
        }
    }
}
