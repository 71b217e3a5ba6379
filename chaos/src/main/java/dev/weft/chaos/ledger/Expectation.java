package dev.weft.chaos.ledger;

import java.util.List;
import java.util.Set;

/**
 * What must be there at a quiet point, and what must not, according to the answers that clients got.
 *
 * @param networks that were made and not deleted; those that nodes have from the start are not among them
 * @param gone ids of all that was deleted
 * @param removedPorts host ports that led somewhere once, and do not now
 * @param inDoubt what nobody could be told of, by names and ids: it may be there or not
 */
public record Expectation(
        List<Network> networks,
        List<Sandbox> sandboxes,
        List<Endpoint> endpoints,
        List<Port> ports,
        Set<String> gone,
        Set<NodePort> removedPorts,
        Set<String> inDoubt) {

    /**
     * @param driver bridge or overlay
     * @param node empty for an overlay
     * @param subnets in CIDR notation
     */
    public record Network(String id, String name, String driver, String node, boolean internal, List<String> subnets) {}

    public record Sandbox(String id, String name, String node) {}

    /**
     * @param ipv4 with prefix length; empty where there is none, as ipv6
     */
    public record Endpoint(
            String id, String networkId, String sandboxId, String ipv4, String ipv6, String macAddress) {}

    /** Published on all addresses of the node, by TCP. */
    public record Port(NodePort nodePort, int containerPort, String sandboxId) {}

    /** A TCP port of a node. */
    public record NodePort(String node, int port) {
        @Override
        public String toString() {
            return node + ":" + port;
        }
    }

    public Expectation {
        networks = List.copyOf(networks);
        sandboxes = List.copyOf(sandboxes);
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
        gone = Set.copyOf(gone);
        removedPorts = Set.copyOf(removedPorts);
        inDoubt = Set.copyOf(inDoubt);
    }
}
