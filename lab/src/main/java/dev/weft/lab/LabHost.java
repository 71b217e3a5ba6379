package dev.weft.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A host of the lab: a namespace with an interface {@code eth0} on the underlay.
 *
 * @param address its address on the underlay
 * @param runDirectory where its daemon keeps sockets and namespaces
 * @param stateDirectory where its daemon keeps what must survive
 */
public record LabHost(
        String name, String namespace, String address, Path home, Path runDirectory, Path stateDirectory) {

    /** Name of the switch's port for this host, in the switch's namespace. */
    String switchPort() {
        return "p-" + name;
    }

    public Path nodeSocket() {
        return runDirectory.resolve("node.sock");
    }

    Path nodeConfiguration() {
        return runDirectory.resolveSibling("node.conf");
    }

    /** Writes the daemon's configuration file, which it reads when it starts: {@code key = value} lines. */
    public void configureNode(String... lines) {
        Path file = nodeConfiguration();
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, List.of(lines));
        } catch (IOException e) {
            throw new LabException("write " + file + ": " + e.getMessage(), e);
        }
    }

    public Path controlPlaneSocket() {
        return runDirectory.resolve("control-plane.sock");
    }

    /** Runs a command in the host's namespace. */
    public Shell.Result exec(String... command) {
        return exec(Duration.ofMinutes(1), List.of(command));
    }

    public Shell.Result exec(Duration timeout, List<String> command) {
        return execIn(Namespaces.path(namespace), timeout, command);
    }

    /** Runs a command in the namespace of a sandbox of this host, without the product's help. */
    public Shell.Result execInSandbox(String sandboxId, String... command) {
        return execIn(sandboxNamespace(sandboxId), Duration.ofMinutes(1), List.of(command));
    }

    public Path sandboxNamespace(String sandboxId) {
        return runDirectory.resolve("netns").resolve(sandboxId);
    }

    private static Shell.Result execIn(Path namespace, Duration timeout, List<String> command) {
        List<String> full = new ArrayList<>(List.of("nsenter", "--net=" + namespace, "--"));
        full.addAll(command);
        return Shell.run(timeout, Map.of(), full);
    }

    /** Runs the weft command as somebody on this host would. */
    public Shell.Result weft(String... arguments) {
        return weft(Duration.ofMinutes(1), List.of(arguments));
    }

    public Shell.Result weft(Duration timeout, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                "nsenter",
                "--net=" + Namespaces.path(namespace),
                "--",
                home.resolve("bin/weft").toString()));
        command.addAll(arguments);
        return Shell.run(timeout, environment(), command);
    }

    /** What the weft command needs to find this host's daemon. */
    public Map<String, String> environment() {
        return Map.of("WEFT_HOST", "unix://" + nodeSocket());
    }
}
