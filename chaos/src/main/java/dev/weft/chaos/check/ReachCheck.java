package dev.weft.chaos.check;

import dev.weft.chaos.check.StoreContent.Endpoint;
import dev.weft.chaos.check.StoreContent.Sandbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Packets between sandboxes: those that share a network reach each other, the others do not. */
final class ReachCheck implements Check {

    /** Of each sandbox: forbidden ways that are tried in one look. */
    private static final int FORBIDDEN = 8;

    private final boolean permitted;

    /** Moves on from look to look, so that all forbidden ways come in time. */
    private int turn;

    /** @param permitted whether those are looked at that must be open, or those that must not */
    ReachCheck(boolean permitted) {
        this.permitted = permitted;
    }

    @Override
    public String kind() {
        return permitted ? "permitted pairs reach" : "forbidden pairs do not reach";
    }

    @Override
    public boolean mayTakeTime() {
        return permitted;
    }

    @Override
    public void look(Scene scene, Findings findings) {
        turn++;
        // Together: what must not answer is waited for in vain, for each as long.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Way>> ways = new ArrayList<>();
            for (Surroundings.Node node : scene.surroundings().nodes()) {
                Desired desired = Desired.of(node.name(), scene.store());
                for (Sandbox sandbox : desired.ownNamespaces()) {
                    Set<String> targets =
                            permitted ? permitted(scene, desired, sandbox) : forbidden(scene, desired, sandbox);
                    ways.add(threads.submit(() -> new Way(node, sandbox, targets, ping(node, sandbox, targets))));
                }
            }
            ways.forEach(way -> judge(way, findings));
        }
    }

    /** From where, to where, and who answered. */
    private record Way(Surroundings.Node node, Sandbox sandbox, Set<String> targets, Set<String> reached) {}

    private void judge(Future<Way> future, Findings findings) {
        try {
            Way way = future.get();
            for (String target : way.targets()) {
                findings.expect(
                        way.reached().contains(target) == permitted,
                        () -> way.sandbox().name() + " on " + way.node().name()
                                + (permitted ? " does not reach " : " reaches, and must not, ") + target);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("ping: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Set<String> permitted(Scene scene, Desired desired, Sandbox sandbox) {
        Set<String> targets = new TreeSet<>();
        for (Endpoint own : desired.ownEndpointsOf(sandbox.id())) {
            desired.endpoints().values().stream()
                    .filter(other -> !other.id().equals(own.id())
                            && desired.network(other)
                                    .wire()
                                    .equals(desired.network(own).wire()))
                    .forEach(other -> targets.addAll(other.bareAddresses()));
        }
        if (!SandboxCheck.gateways(desired, desired.ownEndpointsOf(sandbox.id()), false)
                .isEmpty()) {
            targets.add(scene.surroundings().internet());
        }
        return targets;
    }

    /** Addresses on networks that the sandbox is not on; left out are those that are also on one of its own. */
    private Set<String> forbidden(Scene scene, Desired desired, Sandbox sandbox) {
        List<Endpoint> own = desired.ownEndpointsOf(sandbox.id());
        Set<String> wires = new TreeSet<>();
        own.forEach(endpoint -> wires.add(desired.network(endpoint).wire()));
        Set<String> ownAddresses = new TreeSet<>();
        Set<String> others = new TreeSet<>();
        desired.endpoints()
                .values()
                .forEach(endpoint -> (wires.contains(desired.network(endpoint).wire()) ? ownAddresses : others)
                        .addAll(endpoint.bareAddresses()));
        own.forEach(
                endpoint -> desired.network(endpoint).subnets().forEach(subnet -> ownAddresses.add(subnet.gateway())));
        others.removeAll(ownAddresses);
        List<String> all = new ArrayList<>(others);
        Set<String> chosen = new TreeSet<>();
        for (int i = 0; i < Math.min(FORBIDDEN, all.size()); i++) {
            chosen.add(all.get((turn * FORBIDDEN + i) % all.size()));
        }
        if (SandboxCheck.gateways(desired, own, false).isEmpty()) {
            chosen.add(scene.surroundings().internet());
        }
        return chosen;
    }

    /** Those that answered. */
    private static Set<String> ping(Surroundings.Node node, Sandbox sandbox, Set<String> targets) {
        StringBuilder script = new StringBuilder();
        for (String target : targets) {
            script.append("{ ping -n -q -c 1 -W 2 ")
                    .append(target)
                    .append(" >/dev/null 2>&1 && echo ")
                    .append(target)
                    .append("; } &\n");
        }
        script.append("wait");
        String output = targets.isEmpty() ? "" : Tools.shell(node.namespaceOf(sandbox), script.toString());
        return new TreeSet<>(output.lines().toList());
    }
}
