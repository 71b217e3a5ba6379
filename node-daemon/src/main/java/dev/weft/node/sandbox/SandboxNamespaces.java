package dev.weft.node.sandbox;

import dev.weft.node.kernel.KernelObject.SandboxNamespace;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NamespaceFiles;
import dev.weft.node.netns.NamespaceId;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.sandbox.SandboxProcesses.SandboxProcess;
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

/** Makes, finds, and removes the namespaces of sandboxes, with what runs in them. Used by one thread. */
public final class SandboxNamespaces {

    private final NamespaceFiles files;
    private final SandboxProcesses processes;
    private final Duration grace;
    private final InstantSource clock;

    /** When the processes of a sandbox that is being removed were asked to end. */
    private final Map<String, Instant> asked = new HashMap<>();

    /** @param grace how long processes may take to end after SIGTERM, before SIGKILL */
    public SandboxNamespaces(
            SandboxDirectories directories, SandboxProcesses processes, Duration grace, InstantSource clock) {
        this.files = new NamespaceFiles(directories.namespaces());
        this.processes = processes;
        this.grace = grace;
        this.clock = clock;
    }

    /** The ids of managed sandboxes whose namespaces exist, be it from an earlier run. */
    public List<String> managed() {
        return files.list();
    }

    /**
     * Opens a sandbox's namespace; a managed one is made first if it is not there.
     *
     * @throws NativeException if it cannot be made, or an external path is no namespace
     */
    public NetworkNamespace open(SandboxNamespace sandbox) {
        if (sandbox.externalPath().isPresent()) {
            return NetworkNamespace.open(Path.of(sandbox.externalPath().get()));
        }
        Path path = files.path(sandbox.sandboxId());
        if (Files.exists(path)) {
            try {
                return NetworkNamespace.open(path);
            } catch (NativeException e) {
                // A file without a mount, as a crash or a reboot can leave it.
                boolean unusedRemoved = files.delete(sandbox.sandboxId());
            }
        }
        return NetworkNamespace.open(files.create(sandbox.sandboxId()));
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

    /** Removes a managed namespace's file. */
    public void remove(String sandboxId) {
        boolean unusedWasThere = files.delete(sandboxId);
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
