package dev.weft.chaos.check;

import dev.weft.chaos.check.StoreContent.Sandbox;
import java.nio.file.Path;
import java.util.List;

/** A process of a sandbox that shares another's namespace is in that one; on each node one such sandbox is looked at in turn. */
final class SharerCheck implements Check {

    /** For a command in a sandbox. */
    private static final int PATIENCE_SECONDS = 20;

    /** Moves on from look to look. */
    private int turn;

    @Override
    public String kind() {
        return "sharers are in their owner's namespace";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        turn++;
        for (Surroundings.Node node : scene.surroundings().nodes()) {
            Desired desired = Desired.of(node.name(), scene.store());
            List<Sandbox> sharers = desired.ownSandboxes().stream()
                    .filter(sandbox -> !sandbox.owner().isEmpty())
                    .toList();
            if (!sharers.isEmpty()) {
                Sandbox sharer = sharers.get(turn % sharers.size());
                Sandbox owner = desired.sandboxes().get(sharer.owner());
                String wanted = owner == null ? "one that is gone" : inode(node.namespaceOf(owner));
                String found = of(scene.surroundings().weft(), node, sharer);
                findings.expect(
                        found.equals(wanted),
                        () -> sharer.name() + " on " + node.name() + " should be in namespace " + wanted + " of "
                                + sharer.owner() + ", and is in '" + found + "'");
            }
        }
    }

    private static String inode(Path namespace) {
        return "net:["
                + Tools.run(List.of("stat", "-L", "-c", "%i", namespace.toString()))
                        .strip() + "]";
    }

    /** The namespace that a process sees which is started in the sandbox as users do it. */
    private static String of(Path weft, Surroundings.Node node, Sandbox sandbox) {
        return Tools.run(List.of(
                        "nsenter",
                        "--net=" + node.namespace(),
                        "--",
                        "env",
                        "WEFT_HOST=unix://" + node.runDirectory().resolve("node.sock"),
                        "timeout",
                        Integer.toString(PATIENCE_SECONDS),
                        weft.toString(),
                        "exec",
                        sandbox.id(),
                        "readlink",
                        "/proc/self/ns/net"))
                .strip();
    }
}
