package dev.weft.chaos.check;

import dev.weft.chaos.ledger.Expectation;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What was acknowledged is stored, what was deleted is not, and nothing else is there. */
final class LedgerCheck implements Check {

    @Override
    public String kind() {
        return "acknowledged = stored";
    }

    @Override
    public boolean mayTakeTime() {
        return false;
    }

    @Override
    public void look(Scene scene, Findings findings) {
        Expectation expected = scene.expectation();
        Map<String, StoreContent.Network> networks = scene.store().networks();
        Map<String, StoreContent.Sandbox> sandboxes = scene.store().sandboxes();
        Map<String, StoreContent.Endpoint> endpoints = scene.store().endpoints();
        Set<String> doubt = expected.inDoubt();
        for (Expectation.Network network : expected.networks()) {
            StoreContent.Network stored = networks.get(network.id());
            findings.expect(
                    doubt.contains(network.id())
                            || (stored != null
                                    && stored.name().equals(network.name())
                                    && stored.node().equals(network.node())
                                    && stored.subnets().stream()
                                            .map(StoreContent.Subnet::cidr)
                                            .toList()
                                            .equals(network.subnets())),
                    () -> "acknowledged " + network + ", stored is " + stored);
        }
        for (Expectation.Sandbox sandbox : expected.sandboxes()) {
            StoreContent.Sandbox stored = sandboxes.get(sandbox.id());
            findings.expect(
                    doubt.contains(sandbox.id())
                            || (stored != null
                                    && stored.name().equals(sandbox.name())
                                    && stored.node().equals(sandbox.node())
                                    && stored.owner().equals(sandbox.owner())
                                    && stored.netnsPath().equals(sandbox.netnsPath())),
                    () -> "acknowledged " + sandbox + ", stored is " + stored);
        }
        for (Expectation.Endpoint endpoint : expected.endpoints()) {
            StoreContent.Endpoint stored = endpoints.get(endpoint.id());
            findings.expect(
                    doubt.contains(endpoint.sandboxId())
                            || (stored != null
                                    && stored.ipv4().equals(endpoint.ipv4())
                                    && stored.ipv6().equals(endpoint.ipv6())
                                    && stored.mac().equals(endpoint.macAddress())
                                    && stored.aliases().equals(endpoint.aliases())
                                    && stored.ingress() == endpoint.ingress()
                                    && stored.egress() == endpoint.egress()),
                    () -> "acknowledged " + endpoint + ", stored is " + stored);
        }
        ports(expected, sandboxes, findings);
        nothingElse(scene, findings);
    }

    private static void ports(Expectation expected, Map<String, StoreContent.Sandbox> sandboxes, Findings findings) {
        Set<String> wanted = new HashSet<>();
        expected.ports().stream()
                .filter(port -> !expected.inDoubt().contains(port.sandboxId()))
                .forEach(port -> wanted.add(port.nodePort() + " of " + port.sandboxId()));
        Set<String> stored = new HashSet<>();
        sandboxes.values().stream()
                .filter(sandbox -> !expected.inDoubt().contains(sandbox.id()))
                .filter(sandbox -> !expected.inDoubt().contains(sandbox.name()))
                .forEach(sandbox -> sandbox.ports().forEach(port -> {
                    for (int i = 0; i < port.count(); i++) {
                        stored.add(sandbox.node() + ":" + (port.hostPort() + i) + " of " + sandbox.id());
                    }
                }));
        findings.same("published ports that are stored", wanted, stored);
    }

    private static void nothingElse(Scene scene, Findings findings) {
        Expectation expected = scene.expectation();
        Set<String> known = new HashSet<>();
        expected.networks().forEach(network -> known.add(network.id()));
        expected.sandboxes().forEach(sandbox -> known.add(sandbox.id()));
        expected.endpoints().forEach(endpoint -> known.add(endpoint.id()));
        Set<String> doubt = expected.inDoubt();
        scene.store().networks().values().stream()
                .filter(network -> !network.predefined() && !doubt.contains(network.name()))
                .forEach(
                        network -> expectKnown(findings, expected, known, "network", network.id(), network.toString()));
        scene.store().sandboxes().values().stream()
                .filter(sandbox -> !doubt.contains(sandbox.name()))
                .forEach(
                        sandbox -> expectKnown(findings, expected, known, "sandbox", sandbox.id(), sandbox.toString()));
        scene.store().endpoints().values().stream()
                .filter(endpoint -> !doubt.contains(endpoint.sandboxId()))
                .forEach(endpoint ->
                        expectKnown(findings, expected, known, "endpoint", endpoint.id(), endpoint.toString()));
    }

    private static void expectKnown(
            Findings findings, Expectation expected, Set<String> known, String kind, String id, String text) {
        findings.expect(
                known.contains(id) || expected.inDoubt().contains(id),
                () -> expected.gone().contains(id)
                        ? "deleted, and acknowledged, is stored again or still: " + kind + " " + text
                        : "nobody was told of what is stored: " + kind + " " + text);
    }
}
