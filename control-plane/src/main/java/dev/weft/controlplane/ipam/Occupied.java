package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.AddressSpace;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a new network's subnets must keep clear of.
 *
 * @param subnets of other networks: none may overlap
 * @param hostRoutes of the hosts that could get the network: automatic choice keeps clear of them; who names a subnet may
 *     overlap them
 * @param vteps tunnel addresses of all nodes: a subnet that covered one would cut its node off
 */
public record Occupied(List<UsedSubnet> subnets, List<Cidr> hostRoutes, List<IpAddress> vteps) {

    public Occupied {
        subnets = List.copyOf(subnets);
        hostRoutes = List.copyOf(hostRoutes);
        vteps = List.copyOf(vteps);
    }

    /**
     * What is occupied for a network of that scope. Nodes' local spaces may overlap each other, but no global subnet may
     * overlap a local one anywhere: any node can come to join the global network.
     *
     * @param global the global space
     * @param local the local spaces: that of the node suffices for a local network, a global one needs all
     * @param nodes all nodes
     */
    public static Occupied of(
            Scope scope, AddressSpace global, Map<NodeName, AddressSpace> local, Collection<Node> nodes) {
        List<UsedSubnet> subnets = new ArrayList<>(global.subnets());
        List<Cidr> hostRoutes = new ArrayList<>();
        local.forEach((node, space) -> {
            if (concerns(scope, node)) {
                subnets.addAll(space.subnets());
            }
        });
        nodes.forEach(node -> {
            if (concerns(scope, node.name())) {
                hostRoutes.addAll(node.facts().hostRoutes());
            }
        });
        return new Occupied(
                subnets,
                hostRoutes,
                nodes.stream().flatMap(node -> node.facts().vtep().stream()).toList());
    }

    private static boolean concerns(Scope scope, NodeName node) {
        return switch (scope) {
            case Scope.Local(NodeName home) -> home.equals(node);
            case Scope.Global() -> true;
        };
    }
}
