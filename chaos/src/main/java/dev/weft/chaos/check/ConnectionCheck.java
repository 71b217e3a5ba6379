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
            Desired desired = Desired.of(node.name(), scene.store());
            Set<String> held = new TreeSet<>();
            desired.ownEndpoints().forEach(endpoint -> held.addAll(endpoint.bareAddresses()));
            for (String line : HostView.of(node).connections()) {
                List<String[]> tuples = new ArrayList<>();
                Matcher matcher = TUPLE.matcher(line);
                while (matcher.find()) {
                    tuples.add(new String[] {matcher.group(1), matcher.group(2), matcher.group(4)});
                }
                if (tuples.size() == 2 && tuples.get(0)[1].equals(node.address())) {
                    String target = tuples.get(1)[0];
                    boolean translated = !target.equals(node.address());
                    NodePort port = new NodePort(node.name(), Integer.parseInt(tuples.get(0)[2]));
                    findings.expect(
                            !translated || held.contains(target) && !scene.expectation().removedPorts().contains(port),
                            () -> "a connection on " + node.name() + " still leads from port " + port.port() + " to "
                                    + target + ": " + line);
                }
            }
        }
    }
}
