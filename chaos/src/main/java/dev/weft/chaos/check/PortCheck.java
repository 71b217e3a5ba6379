package dev.weft.chaos.check;

import dev.weft.chaos.ledger.Expectation;
import dev.weft.chaos.ledger.Expectation.NodePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From outside, each published port answers, and by its own sandbox; one that was taken back does not answer. */
final class PortCheck implements Check {

    @Override
    public String kind() {
        return "published ports answer, others do not";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        Expectation expected = scene.expectation();
        Map<NodePort, String> wanted = new HashMap<>();
        expected.removedPorts().forEach(port -> wanted.put(port, ""));
        for (Expectation.Port port : expected.ports()) {
            if (!expected.inDoubt().contains(port.sandboxId())) {
                Desired desired = Desired.of(port.nodePort().node(), scene.store());
                boolean leads = !SandboxCheck.gateways(desired, desired.ownEndpointsOf(port.sandboxId()), false)
                        .isEmpty();
                wanted.put(port.nodePort(), leads ? port.sandboxId() : "");
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        List<Process> servers = new ArrayList<>();
        Path pages = directory();
        try {
            // In all of them: a port that was taken back may still lead to one that publishes nothing now.
            for (Expectation.Sandbox sandbox : expected.sandboxes()) {
                if (!sandbox.owner().isEmpty()) {
                    continue;
                }
                servers.add(serve(namespace(scene, sandbox), sandbox.id(), pages));
            }
            Map<NodePort, String> answers = ask(scene, wanted.keySet());
            wanted.forEach((port, sandbox) -> findings.expect(
                    answers.getOrDefault(port, "").equals(sandbox),
                    () -> "port " + port + " should be answered by " + (sandbox.isEmpty() ? "nobody" : sandbox)
                            + ", and was by '" + answers.getOrDefault(port, "") + "'"));
        } finally {
            servers.forEach(PortCheck::end);
            delete(pages);
        }
    }

    private static Path namespace(Scene scene, Expectation.Sandbox sandbox) {
        return sandbox.netnsPath().isEmpty()
                ? node(scene, sandbox.node()).runDirectory().resolve("netns").resolve(sandbox.id())
                : Path.of(sandbox.netnsPath());
    }

    private static Surroundings.Node node(Scene scene, String name) {
        return scene.surroundings().nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A web server that says whose it is. */
    private static Process serve(Path namespace, String id, Path pages) {
        try {
            Path page = Files.createDirectories(pages.resolve(id));
            Files.writeString(page.resolve("index.html"), id);
            return new ProcessBuilder(
                            "nsenter",
                            "--net=" + namespace,
                            "busybox",
                            "httpd",
                            "-f",
                            "-p",
                            "80",
                            "-h",
                            page.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("start a web server in " + namespace, e);
        }
    }

    private static Map<NodePort, String> ask(Scene scene, Set<NodePort> ports) {
        StringBuilder script = new StringBuilder();
        for (NodePort port : ports) {
            String url = "http://" + node(scene, port.node()).address() + ":" + port.port() + "/";
            script.append("{ r=$(curl -s -m 3 ").append(url).append("); echo ");
            script.append(port.node()).append(' ').append(port.port()).append(" $r; } &\n");
        }
        script.append("wait");
        Map<NodePort, String> answers = new HashMap<>();
        for (String line : Tools.shell(scene.surroundings().outside(), script.toString())
                .lines()
                .toList()) {
            String[] words = line.split(" ", -1);
            if (words.length == 3) {
                answers.put(new NodePort(words[0], Integer.parseInt(words[1])), words[2]);
            }
        }
        return answers;
    }

    private static void end(Process process) {
        process.destroyForcibly().onExit().join();
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("weft-chaos-pages");
        } catch (IOException e) {
            throw new UncheckedIOException("create a directory for pages", e);
        }
    }

    private static void delete(Path directory) {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("delete " + directory, e);
        }
    }
}
