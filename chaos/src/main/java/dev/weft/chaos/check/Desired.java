package dev.weft.chaos.check;

import dev.weft.chaos.check.StoreContent.Endpoint;
import dev.weft.chaos.check.StoreContent.Network;
import dev.weft.chaos.check.StoreContent.Sandbox;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a node should have, worked out from what is stored and from the documents on what each network is built of. */
record Desired(
        String node,
        Map<String, Network> networks,
        Map<String, Sandbox> sandboxes,
        Map<String, Endpoint> endpoints,
        Map<String, String> vteps,
        boolean diverts) {

    /** What a kernel needs to limit what a sandbox sends on the host, as docs/attachment.md has it. */
    private static final List<String> DIVERSION = List.of("qdisc:tbf", "link:ifb", "qdisc:ingress", "filter:redirect");

    static Desired of(String node, StoreContent store) {
        Map<String, String> vteps = new TreeMap<>();
        store.below("nodes/")
                .forEach((name, value) ->
                        vteps.put(name, value.message().message(3).text(1)));
        Set<String> features = new TreeSet<>();
        store.value("nodes/" + node)
                .ifPresent(value -> value.message().message(3).messages(6).stream()
                        .filter(feature -> feature.flag(2))
                        .forEach(feature -> features.add(feature.text(1))));
        return new Desired(
                node, store.networks(), store.sandboxes(), store.endpoints(), vteps, features.containsAll(DIVERSION));
    }

    /** Whether it has an end on the host, which is on a bridge. */
    boolean isBridged(Endpoint endpoint) {
        Network network = network(endpoint);
        return network.isBridge() || network.isOverlay();
    }

    /** Whether what it sends, if that is limited, is limited on the host. */
    boolean isDiverted(Endpoint endpoint) {
        return diverts && isBridged(endpoint);
    }

    String nodeOf(Endpoint endpoint) {
        Sandbox sandbox = sandboxes.get(endpoint.sandboxId());
        return sandbox == null ? "" : sandbox.node();
    }

    /** The node's own sandboxes. */
    List<Sandbox> ownSandboxes() {
        return sandboxes.values().stream()
                .filter(sandbox -> sandbox.node().equals(node))
                .toList();
    }

    /** Those of them that are in no other sandbox's namespace. */
    List<Sandbox> ownNamespaces() {
        return ownSandboxes().stream()
                .filter(sandbox -> sandbox.owner().isEmpty())
                .toList();
    }

    /** Endpoints of its sandboxes. */
    List<Endpoint> ownEndpoints() {
        return endpoints.values().stream()
                .filter(endpoint -> nodeOf(endpoint).equals(node))
                .toList();
    }

    /** Those of them that have an end on the host. */
    List<Endpoint> ownBridgedEndpoints() {
        return ownEndpoints().stream().filter(this::isBridged).toList();
    }

    List<Endpoint> ownEndpointsOf(String sandboxId) {
        return ownEndpoints().stream()
                .filter(endpoint -> endpoint.sandboxId().equals(sandboxId))
                .toList();
    }

    Network network(Endpoint endpoint) {
        Network network = networks.get(endpoint.networkId());
        if (network == null) {
            throw new IllegalStateException("endpoint " + endpoint.id() + " has no network");
        }
        return network;
    }

    /** Bridge networks of the node, and overlays with an endpoint on it. */
    List<Network> built() {
        Set<String> overlays = new TreeSet<>();
        ownEndpoints().forEach(endpoint -> overlays.add(endpoint.networkId()));
        return networks.values().stream()
                .filter(network -> (network.isBridge() && network.node().equals(node))
                        || (network.isOverlay() && overlays.contains(network.id())))
                .toList();
    }

    List<Network> builtOverlays() {
        return built().stream().filter(Network::isOverlay).toList();
    }

    /** Endpoints of a network on other nodes. */
    List<Endpoint> peers(Network network) {
        return endpoints.values().stream()
                .filter(endpoint -> endpoint.networkId().equals(network.id()))
                .filter(endpoint -> !nodeOf(endpoint).equals(node))
                .toList();
    }

    /** Tunnel address of the node of a peer. */
    String vtep(Endpoint peer) {
        return vteps.getOrDefault(nodeOf(peer), "(no node)");
    }

    /** Tunnel addresses of all nodes that share an overlay with this one. */
    Set<String> sharedVteps() {
        Set<String> shared = new TreeSet<>();
        builtOverlays().forEach(network -> peers(network).forEach(peer -> shared.add(vtep(peer))));
        return shared;
    }
}
