package dev.weft.chaos.ledger;

import java.util.List;
import java.util.Set;

/**
 * What must be there at a quiet point, and what must not, according to the answers that clients got.
 *
 * @param networks that were made and not deleted; those that nodes have from the start are not among them
 * @param gone ids of all that was deleted
 * @param removedPorts host ports that led somewhere once, and do not now
 * @param everNamed names and aliases that a sandbox has, or had once
 * @param inDoubt what nobody could be told of, by names and ids: it may be there or not
 */
public record Expectation(
        List<Network> networks,
        List<Sandbox> sandboxes,
        List<Endpoint> endpoints,
        List<Port> ports,
        Set<String> gone,
        Set<NodePort> removedPorts,
        Set<String> everNamed,
        Set<String> inDoubt) {

    /**
     * @param driver bridge or overlay
     * @param node empty for an overlay
     * @param subnets in CIDR notation
     */
    public record Network(String id, String name, String driver, String node, boolean internal, List<String> subnets) {}

    /**
     * @param owner id of the sandbox whose namespace it is in; empty where it has one
     * @param netnsPath of somebody else's namespace that it is; empty where the namespace is Weft's
     */
    public record Sandbox(String id, String name, String node, String owner, String netnsPath) {

        /** In a namespace of its own, which Weft made. */
        public Sandbox(String id, String name, String node) {
            this(id, name, node, "", "");
        }

        Sandbox named(String other) {
            return new Sandbox(id, other, node, owner, netnsPath);
        }
    }

    /**
     * @param ipv4 with prefix length; empty where there is none, as ipv6
     * @param ingress bits a second into the sandbox, 0 for no limit; egress out of it
     */
    public record Endpoint(
            String id,
            String networkId,
            String sandboxId,
            String ipv4,
            String ipv6,
            String macAddress,
            List<String> aliases,
            long ingress,
            long egress) {

        public Endpoint {
            aliases = List.copyOf(aliases);
        }
    }

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
        everNamed = Set.copyOf(everNamed);
        inDoubt = Set.copyOf(inDoubt);
    }
}
