package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.Resolution;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds what a reference means: a full id, else a name, else a prefix that only one id has.
 *
 * <p>Several nodes may have a local network of one name, {@code bridge} for one. The nearest wins: the node's own, then
 * the global one, then one of another node if no other has it.
 */
final class References {

    private static final Pattern FULL_ID = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern ID_PREFIX = Pattern.compile("[0-9a-f]{1,63}");

    private References() {}

    /** Where networks are looked for. */
    sealed interface Nearness {

        /** Everywhere, nearest to this node first. */
        record Near(Optional<NodeName> node) implements Nearness {}

        /** Among the networks that an endpoint on this node can join: its own and the global ones. */
        record OnlyOn(NodeName node) implements Nearness {}
    }

    /**
     * @throws ServiceException if there is none, or more than one
     */
    static Versioned<Network> network(ClusterView view, String reference, Nearness nearness) {
        if (reference.isEmpty()) {
            throw ServiceException.invalid("network", "no network named");
        }
        if (FULL_ID.matcher(reference).matches()) {
            Optional<Versioned<Network>> byId = view.network(new NetworkId(reference));
            if (byId.isPresent()) {
                return checked(byId.get(), reference, nearness);
            }
        }
        Optional<Versioned<Network>> byName = networkByName(view, reference, nearness);
        if (byName.isPresent()) {
            return byName.get();
        }
        if (ID_PREFIX.matcher(reference).matches()) {
            List<Versioned<Network>> matches = view.networksByIdPrefix(reference);
            if (matches.size() > 1) {
                throw ambiguousNetwork(reference, "ID prefix", matches);
            }
            if (matches.size() == 1) {
                return checked(matches.getFirst(), reference, nearness);
            }
        }
        List<Versioned<Network>> elsewhere = named(view, reference);
        if (elsewhere.isEmpty()) {
            throw noNetwork(reference, "");
        }
        throw noNetwork(reference, " on " + nodeOf(nearness) + "; there is one on " + places(elsewhere));
    }

    /** For admission: what a reference means to a sandbox on the node. */
    static Resolution<Network> resolve(ClusterView view, String reference, NodeName node) {
        return resolve(view, reference, Optional.of(node));
    }

    /** The same, near the node if one is known. */
    static Resolution<Network> resolve(ClusterView view, String reference, Optional<NodeName> node) {
        if (FULL_ID.matcher(reference).matches()) {
            Optional<Versioned<Network>> byId = view.network(new NetworkId(reference));
            if (byId.isPresent()) {
                return new Resolution.Found<>(byId.get().value());
            }
        }
        Optional<Versioned<Network>> near = node.flatMap(name -> nearest(view, reference, name));
        if (near.isPresent()) {
            return new Resolution.Found<>(near.get().value());
        }
        Resolution<Network> elsewhere = one(named(view, reference), Resolution.Basis.NAME);
        return elsewhere instanceof Resolution.NotFound<Network>
                        && ID_PREFIX.matcher(reference).matches()
                ? one(view.networksByIdPrefix(reference), Resolution.Basis.ID_PREFIX)
                : elsewhere;
    }

    private static Resolution<Network> one(List<Versioned<Network>> matches, Resolution.Basis basis) {
        return switch (matches.size()) {
            case 0 -> new Resolution.NotFound<>();
            case 1 -> new Resolution.Found<>(matches.getFirst().value());
            default -> new Resolution.Ambiguous<>(matches.size(), basis);
        };
    }

    private static Optional<Versioned<Network>> networkByName(ClusterView view, String name, Nearness nearness) {
        return switch (nearness) {
            case Nearness.OnlyOn(NodeName node) -> nearest(view, name, node);
            case Nearness.Near(Optional<NodeName> node) -> {
                Optional<Versioned<Network>> near = node.isPresent()
                        ? nearest(view, name, node.get())
                        : view.networkNamed(new Scope.Global(), name);
                if (near.isPresent()) {
                    yield near;
                }
                List<Versioned<Network>> all = named(view, name);
                if (all.size() > 1) {
                    throw ambiguousNetwork(name, "name", all);
                }
                yield all.stream().findFirst();
            }
        };
    }

    private static Optional<Versioned<Network>> nearest(ClusterView view, String name, NodeName node) {
        return view.networkNamed(new Scope.Local(node), name).or(() -> view.networkNamed(new Scope.Global(), name));
    }

    private static Versioned<Network> checked(Versioned<Network> found, String reference, Nearness nearness) {
        if (nearness instanceof Nearness.OnlyOn(NodeName node)
                && found.value().node().filter(owner -> !owner.equals(node)).isPresent()) {
            throw noNetwork(reference, " on node " + node + ": it is local to " + place(found.value()));
        }
        return found;
    }

    /**
     * The networks that a reference may mean: all of a name, as several nodes may have one.
     *
     * @throws ServiceException if there is none, or several ids begin so
     */
    static Set<NetworkId> all(ClusterView view, String reference) {
        List<Versioned<Network>> named = named(view, reference);
        return named.isEmpty()
                ? Set.of(network(view, reference, new Nearness.Near(Optional.empty()))
                        .value()
                        .id())
                : named.stream().map(network -> network.value().id()).collect(Collectors.toSet());
    }

    static List<Versioned<Network>> named(ClusterView view, String name) {
        return view.networks().stream()
                .filter(network -> network.value().name().equals(name))
                .toList();
    }

    /**
     * @throws ServiceException if there is none, or more than one
     */
    static Versioned<Sandbox> sandbox(ClusterView view, String reference) {
        if (reference.isEmpty()) {
            throw ServiceException.invalid("sandbox", "no sandbox named");
        }
        if (FULL_ID.matcher(reference).matches()) {
            Optional<Versioned<Sandbox>> byId = view.sandbox(new SandboxId(reference));
            if (byId.isPresent()) {
                return byId.get();
            }
        }
        Optional<Versioned<Sandbox>> byName = view.sandboxNamed(reference);
        if (byName.isPresent()) {
            return byName.get();
        }
        if (ID_PREFIX.matcher(reference).matches()) {
            List<Versioned<Sandbox>> matches = view.sandboxesByIdPrefix(reference);
            if (matches.size() > 1) {
                String list = matches.stream()
                        .map(match -> match.value().id().shortId() + " "
                                + match.value().name())
                        .collect(Collectors.joining(", "));
                throw new ServiceException(
                                Reason.AMBIGUOUS_REFERENCE,
                                "sandbox " + reference + " is ambiguous (several ids begin so: " + list
                                        + ", …); give more digits or the name")
                        .with("sandbox", reference);
            }
            if (matches.size() == 1) {
                return matches.getFirst();
            }
        }
        throw new ServiceException(Reason.SANDBOX_NOT_FOUND, "sandbox " + reference + " not found")
                .with("sandbox", reference);
    }

    /**
     * @param text not empty
     * @throws ServiceException if there is none
     */
    static Versioned<Node> node(ClusterView view, String text) {
        Optional<Versioned<Node>> found;
        try {
            found = view.node(new NodeName(text));
        } catch (IllegalArgumentException e) {
            throw ServiceException.invalid("node", String.valueOf(e.getMessage()));
        }
        return found.orElseThrow(() -> noNode(view, text));
    }

    /**
     * The node that a request is for: the one it names, else the one it comes through, else the only one.
     *
     * @throws ServiceException if that does not settle it, listing the nodes
     */
    static Versioned<Node> chooseNode(ClusterView view, String named, Optional<NodeName> viaNode) {
        if (!named.isEmpty()) {
            return node(view, named);
        }
        if (viaNode.isPresent()) {
            return node(view, viaNode.get().value());
        }
        return switch (view.nodes().size()) {
            case 0 ->
                throw new ServiceException(
                        Reason.NODE_REQUIRED, "no node has registered yet; start weft-node on a host");
            case 1 -> view.nodes().iterator().next();
            default ->
                throw new ServiceException(
                                Reason.NODE_REQUIRED, "which node is not clear; name one of: " + nodeNames(view))
                        .with("nodes", nodeNames(view));
        };
    }

    private static ServiceException noNode(ClusterView view, String text) {
        String nodes = view.nodes().isEmpty() ? "no node has registered yet" : "nodes: " + nodeNames(view);
        return new ServiceException(Reason.NODE_NOT_FOUND, "node " + text + " not found; " + nodes).with("node", text);
    }

    private static String nodeNames(ClusterView view) {
        return view.nodes().stream().map(node -> node.value().name().value()).collect(Collectors.joining(", "));
    }

    private static ServiceException noNetwork(String reference, String addition) {
        return new ServiceException(Reason.NETWORK_NOT_FOUND, "network " + reference + " not found" + addition)
                .with("network", reference);
    }

    private static ServiceException ambiguousNetwork(String reference, String basis, List<Versioned<Network>> matches) {
        String list = matches.stream()
                .map(match -> match.value().id().shortId() + " on " + place(match.value()))
                .collect(Collectors.joining(", "));
        return new ServiceException(
                        Reason.AMBIGUOUS_REFERENCE,
                        "network " + reference + " is ambiguous (" + matches.size() + " matches found based on " + basis
                                + ": " + list + "); name the node, or give the id")
                .with("network", reference);
    }

    private static String places(List<Versioned<Network>> networks) {
        return networks.stream().map(network -> place(network.value())).collect(Collectors.joining(", "));
    }

    /** Where a network lives, in words. */
    static String place(Network network) {
        return network.node().map(node -> "node " + node).orElse("all nodes");
    }

    private static String nodeOf(Nearness nearness) {
        return switch (nearness) {
            case Nearness.OnlyOn(NodeName node) -> "node " + node;
            case Nearness.Near(Optional<NodeName> node) ->
                node.map(n -> "node " + n).orElse("any node");
        };
    }
}
