package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import java.util.Optional;

/**
 * What a new sandbox meets.
 *
 * @param viaNode the node that the request comes through
 * @param nodes all registered nodes
 * @param nameHolder the sandbox that has the name, if one has
 * @param networks finds the networks that endpoints ask for
 * @param sharedOwner what the request's reference to a sandbox leads to: the one whose namespace is shared, which shares no
 *     other's itself; not found where no sandbox is named
 * @param foreign finds who has somebody else's namespace already
 */
public record SandboxFacts(
        Optional<NodeName> viaNode,
        RegisteredNodes nodes,
        Optional<SandboxId> nameHolder,
        NetworkLookup networks,
        Resolution<Sandbox> sharedOwner,
        ForeignLookup foreign) {

    /** What a sandbox meets that shares no other's namespace. */
    public SandboxFacts(
            Optional<NodeName> viaNode, RegisteredNodes nodes, Optional<SandboxId> nameHolder, NetworkLookup networks) {
        this(viaNode, nodes, nameHolder, networks, new Resolution.NotFound<>(), (_, _) -> Optional.empty());
    }

    /** Finds who has somebody else's namespace already. */
    @FunctionalInterface
    public interface ForeignLookup {

        /** The sandbox of the node that has the very mode, so far as that can be told by what names it. */
        Optional<Sandbox> holder(NodeName node, Sandbox.Mode mode);
    }

    /** Finds networks among those that a node sees: its own local ones before others', and the global ones. */
    @FunctionalInterface
    public interface NetworkLookup {

        /**
         * Resolves a reference. The same reference leads to the same network for the whole of one admission.
         *
         * @param node the sandbox's; a full id may lead to another node's network, which admission then refuses
         */
        Resolution<Network> find(String reference, NodeName node);
    }
}
