package dev.weft.node.sandbox;

import java.nio.file.Path;

/**
 * Where a node keeps what belongs to its sandboxes.
 *
 * @param runDirectory gone after a reboot, as the namespaces are
 * @param stateDirectory survives it
 */
public record SandboxDirectories(Path runDirectory, Path stateDirectory) {

    /** One nsfs mount a managed sandbox, named by its id. */
    public Path namespaces() {
        return runDirectory.resolve("netns");
    }

    /** One nsfs mount a sandbox that was found by a process, named by its id: it holds somebody else's namespace. */
    public Path pinned() {
        return runDirectory.resolve("pinned");
    }

    /** By which process such a sandbox was found: survives the mount, so that its number never means another one. */
    public Path pinRecord(String sandboxId) {
        return stateDirectory.resolve("pinned").resolve(sandboxId);
    }

    /** One directory a sandbox. */
    public Path sandboxes() {
        return stateDirectory.resolve("sandboxes");
    }

    public Path of(String sandboxId) {
        return sandboxes().resolve(sandboxId);
    }

    public Path resolvConf(String sandboxId) {
        return of(sandboxId).resolve("resolv.conf");
    }

    public Path hosts(String sandboxId) {
        return of(sandboxId).resolve("hosts");
    }

    public Path hostname(String sandboxId) {
        return of(sandboxId).resolve("hostname");
    }

    /** Commands started here, one a line: process id and start time. */
    public Path processes(String sandboxId) {
        return of(sandboxId).resolve("processes");
    }

    public Path logs(String sandboxId) {
        return of(sandboxId).resolve("logs");
    }
}
