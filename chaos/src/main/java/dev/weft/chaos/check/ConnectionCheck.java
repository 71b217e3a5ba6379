package dev.weft.chaos.check;

import dev.weft.chaos.ledger.Expectation.NodePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** No tracked connection leads by a port of a node to where the port does not lead any more. */
final class ConnectionCheck implements Check {

    private static final Pattern TUPLE = Pattern.compile("src=(\\S+) dst=(\\S+) sport=(\\d+) dport=(\\d+)");

    @Override
    public String kind() {
        return "no ghosts in connection tracking";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        for (Surroundings.Node node : scene.surroundings().nodes()) {
            look(
                    Desired.of(node.name(), scene.store()),
                    HostView.of(node),
                    scene.expectation().removedPorts(),
                    findings);
        }
    }

    static void look(Desired desired, HostView host, Set<NodePort> removed, Findings findings) {
        String own = host.node().address();
        Set<String> held = new TreeSet<>();
        desired.ownEndpoints().forEach(endpoint -> held.addAll(endpoint.bareAddresses()));
        for (String line : host.connections()) {
            List<Tuple> tuples = new ArrayList<>();
            Matcher matcher = TUPLE.matcher(line);
            while (matcher.find()) {
                tuples.add(new Tuple(matcher.group(1), matcher.group(2), Integer.parseInt(matcher.group(4))));
            }
            if (tuples.size() == 2 && tuples.getFirst().destination().equals(own)) {
                String target = tuples.getLast().source();
                NodePort port = new NodePort(desired.node(), tuples.getFirst().destinationPort());
                findings.expect(
                        target.equals(own) || (held.contains(target) && !removed.contains(port)),
                        () -> "a connection still leads from port " + port + " to " + target + ": " + line);
            }
        }
    }

    /** One direction of a connection. */
    private record Tuple(String source, String destination, int destinationPort) {}
}
