package dev.weft.chaos.ledger;

import dev.weft.chaos.ledger.Expectation.Endpoint;
import dev.weft.chaos.ledger.Expectation.Network;
import dev.weft.chaos.ledger.Expectation.NodePort;
import dev.weft.chaos.ledger.Expectation.Port;
import dev.weft.chaos.ledger.Expectation.Sandbox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What has been acknowledged. Several clients write into it, each about objects of its own.
 *
 * <p>What is being changed is in doubt from before the request is sent until a definite answer has come.
 */
public final class Ledger {

    private final Map<String, Network> networks = new LinkedHashMap<>();
    private final Map<String, Sandbox> sandboxes = new LinkedHashMap<>();
    private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    private final Map<NodePort, Port> ports = new LinkedHashMap<>();
    private final Set<String> gone = new HashSet<>();
    private final Set<NodePort> removedPorts = new HashSet<>();
    private final Set<String> everNamed = new HashSet<>();
    private final Set<String> inDoubt = new HashSet<>();

    public synchronized void add(Network network) {
        networks.put(network.id(), network);
    }

    public synchronized void add(Sandbox sandbox) {
        sandboxes.put(sandbox.id(), sandbox);
        everNamed.add(sandbox.name());
    }

    public synchronized void add(Endpoint endpoint) {
        endpoints.put(endpoint.id(), endpoint);
        everNamed.addAll(endpoint.aliases());
    }

    /** Does nothing for a sandbox that is gone. */
    public synchronized void rename(String sandboxId, String name) {
        Sandbox sandbox = sandboxes.get(sandboxId);
        if (sandbox != null) {
            add(sandbox.named(name));
        }
    }

    public synchronized void add(Port port) {
        ports.put(port.nodePort(), port);
        removedPorts.remove(port.nodePort());
    }

    /** From now on nobody can say whether the thing of that name or id is there. */
    public synchronized void doubt(String what) {
        inDoubt.add(what);
    }

    /** A definite answer has come. */
    public synchronized void settle(String what) {
        inDoubt.remove(what);
    }

    public synchronized boolean isInDoubt(String what) {
        return inDoubt.contains(what);
    }

    public synchronized void removeNetwork(String id) {
        networks.remove(id);
        gone.add(id);
    }

    /** Its endpoints and ports go with it. */
    public synchronized void removeSandbox(String id) {
        sandboxes.remove(id);
        gone.add(id);
        endpointsOf(id).forEach(endpoint -> removeEndpoint(endpoint.id()));
        portsOf(id).forEach(port -> removePort(port.nodePort()));
    }

    public synchronized void removeEndpoint(String id) {
        endpoints.remove(id);
        gone.add(id);
    }

    public synchronized void removePort(NodePort port) {
        ports.remove(port);
        removedPorts.add(port);
    }

    /** A node is out of the cluster: its sandboxes and local networks went with it. */
    public synchronized void removeNode(String node) {
        sandboxes(sandbox -> sandbox.node().equals(node)).forEach(sandbox -> removeSandbox(sandbox.id()));
        networks(network -> network.node().equals(node)).forEach(network -> removeNetwork(network.id()));
    }

    public synchronized List<Network> networks(Predicate<Network> wanted) {
        return networks.values().stream().filter(wanted).toList();
    }

    public synchronized List<Sandbox> sandboxes(Predicate<Sandbox> wanted) {
        return sandboxes.values().stream().filter(wanted).toList();
    }

    public synchronized List<Endpoint> endpointsOf(String sandboxId) {
        return endpoints.values().stream()
                .filter(endpoint -> endpoint.sandboxId().equals(sandboxId))
                .toList();
    }

    /** Whether another sandbox is in its namespace. */
    public synchronized boolean isShared(String sandboxId) {
        return sandboxes.values().stream().anyMatch(sandbox -> sandbox.owner().equals(sandboxId));
    }

    public synchronized boolean isInUse(String networkId) {
        return endpoints.values().stream()
                .anyMatch(endpoint -> endpoint.networkId().equals(networkId));
    }

    public synchronized List<Port> portsOf(String sandboxId) {
        return ports.values().stream()
                .filter(port -> port.sandboxId().equals(sandboxId))
                .toList();
    }

    public synchronized Optional<Sandbox> sandbox(String id) {
        return Optional.ofNullable(sandboxes.get(id));
    }

    /** As it is now. */
    public synchronized Expectation expectation() {
        return new Expectation(
                new ArrayList<>(networks.values()),
                new ArrayList<>(sandboxes.values()),
                new ArrayList<>(endpoints.values()),
                new ArrayList<>(ports.values()),
                gone,
                removedPorts,
                everNamed,
                inDoubt);
    }
}
