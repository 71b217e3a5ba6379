package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.ports.PortAllocation;
import dev.weft.controlplane.ports.PortAllocation.Claim;
import dev.weft.controlplane.ports.PortAllocator;
import dev.weft.controlplane.ports.PortWish;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Transaction;
import dev.weft.net.PortBinding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Claims host ports of a node in the transaction that publishes them. Sandboxes hold the claims; {@code ports/<node>} is
 * compared and written with every new one, so no two can be decided on without one seeing the other (ADR 1).
 */
final class PortClaims {

    /** The port last chosen by this process, by node. A restart begins anew, which only makes reuse a little sooner. */
    private final Map<NodeName, Integer> last = new ConcurrentHashMap<>();

    /**
     * Chooses, and puts the conditions of the choice into the transaction.
     *
     * @throws ServiceException naming the holder of a port that is taken
     */
    List<PortBinding> claim(Core core, NodeName node, List<PortWish> wishes, Transaction.Builder transaction) {
        if (wishes.isEmpty()) {
            return List.of();
        }
        Optional<Entry> guard = core.store().get(Keys.ports(node));
        core.transactor().awaitReplica(guard.map(Entry::modRevision).orElse(0L));
        PortAllocation allocation = PortAllocator.allocate(
                wishes, core.state().read(view -> claims(view, node)), last.getOrDefault(node, 0));
        transaction.when(Spaces.unchanged(Keys.ports(node), guard)).put(Keys.ports(node), ByteString.EMPTY);
        return switch (allocation) {
            case PortAllocation.Allocated(List<PortBinding> bindings, int chosenLast) -> {
                last.put(node, chosenLast);
                yield bindings;
            }
            case PortAllocation.Taken(int wish, PortBinding wanted, Claim holder) ->
                throw taken(node, wish, wanted, holder);
            case PortAllocation.Exhausted(int wish, int first, int end) ->
                throw ServiceException.violated(
                        Reason.PORTS_EXHAUSTED,
                        "ports[" + wish + "].host_port",
                        "all ports are allocated: from " + first + " to " + end + " none is free on node " + node);
        };
    }

    private static List<Claim> claims(ClusterView view, NodeName node) {
        return view.sandboxesOn(node).stream()
                .flatMap(sandbox ->
                        sandbox.value().ports().stream().map(binding -> new Claim(binding, owner(sandbox.value()))))
                .toList();
    }

    private static String owner(Sandbox sandbox) {
        return "sandbox " + sandbox.name() + " (" + sandbox.id().shortId() + ")";
    }

    private static ServiceException taken(NodeName node, int wish, PortBinding wanted, Claim holder) {
        String owner = holder.owner().isEmpty() ? "another port of this request" : holder.owner();
        return ServiceException.violated(
                        Reason.PORT_IN_USE,
                        "ports[" + wish + "].host_port",
                        "Bind for " + wanted.hostAddressAndPorts() + " failed: port is already allocated: "
                                + holder.binding() + " on node " + node + " is published by " + owner)
                .with("holder", owner);
    }
}
