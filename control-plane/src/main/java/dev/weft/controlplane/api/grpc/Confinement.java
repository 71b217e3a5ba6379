package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.AddPortsRequest;
import dev.weft.api.v1.AuditPortsRequest;
import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteEndpointRequest;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.GetNetworkRequest;
import dev.weft.api.v1.GetNodeRequest;
import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.ListEndpointsRequest;
import dev.weft.api.v1.ListNetworksRequest;
import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.ListNodesResponse;
import dev.weft.api.v1.ListSandboxesRequest;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.RemovePortsRequest;
import dev.weft.api.v1.RenameSandboxRequest;
import dev.weft.api.v1.Scope;
import dev.weft.api.v1.UpdateEndpointRequest;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.service.NetworkOperations;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.SandboxOperations;
import dev.weft.controlplane.service.ServiceException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a node without a role may ask for, and be told: its own sandboxes, its own local networks, and global networks that
 * are attachable or that it takes part in. References are replaced by what they stand for now, so that nothing else is
 * meant a moment later. What is another node's is said not to be there.
 */
final class Confinement {

    private static final Set<String> LOCAL_DRIVERS = Set.of("", "bridge", "macvlan", "ipvlan");

    private final SandboxOperations sandboxes;
    private final NetworkOperations networks;

    Confinement(SandboxOperations sandboxes, NetworkOperations networks) {
        this.sandboxes = sandboxes;
        this.networks = networks;
    }

    /**
     * The request, narrowed to the node.
     *
     * @throws ServiceException if it is about something else
     */
    Object request(NodeName node, Object message) {
        return switch (message) {
            case GetSandboxRequest m ->
                m.toBuilder().setSandbox(sandbox(node, m.getSandbox())).build();
            case RenameSandboxRequest m ->
                m.toBuilder().setSandbox(sandbox(node, m.getSandbox())).build();
            case DeleteSandboxRequest m ->
                m.toBuilder().setSandbox(sandbox(node, m.getSandbox())).build();
            case AddPortsRequest m ->
                m.toBuilder().setSandbox(sandbox(node, m.getSandbox())).build();
            case RemovePortsRequest m ->
                m.toBuilder().setSandbox(sandbox(node, m.getSandbox())).build();
            case UpdateEndpointRequest m ->
                m.toBuilder().setSandbox(sandbox(node, m.getSandbox())).build();
            case DeleteEndpointRequest m ->
                m.toBuilder().setSandbox(sandbox(node, m.getSandbox())).build();
            case CreateEndpointRequest m ->
                m.toBuilder()
                        .setSandbox(sandbox(node, m.getSandbox()))
                        .setEndpoint(endpoint(node, m.getEndpoint()))
                        .build();
            case CreateSandboxRequest m -> create(node, m);
            case ExecRequest m
            when m.hasStart() -> {
                ExecRequest.Builder builder = m.toBuilder();
                builder.getStartBuilder().setSandbox(sandbox(node, m.getStart().getSandbox()));
                yield builder.build();
            }
            case ExecRequest m -> m;
            case CreateNetworkRequest m -> create(node, m);
            case DeleteNetworkRequest m ->
                m.toBuilder()
                        .setNetwork(network(node, m.getNetwork(), m.getNode(), Use.CHANGE))
                        .build();
            case GetNetworkRequest m ->
                m.toBuilder()
                        .setNetwork(network(node, m.getNetwork(), m.getNode(), Use.READ))
                        .build();
            case ListNetworksRequest m ->
                m.toBuilder().setNode(own(node, m.getNode())).build();
            case ListSandboxesRequest m ->
                m.toBuilder().setNode(own(node, m.getNode())).build();
            case ListEndpointsRequest m ->
                m.toBuilder().setNode(own(node, m.getNode())).build();
            case AuditPortsRequest m ->
                m.toBuilder().setNode(own(node, m.getNode())).build();
            case GetNodeRequest m ->
                m.toBuilder().setNode(own(node, m.getNode())).build();
            case ListNodesRequest m -> m;
            default -> {
                // Health, reflection: nothing of the cluster is in them. Anything else has to be listed above.
                if (message.getClass().getName().startsWith("dev.weft.")) {
                    throw refused(node, "may not send " + message.getClass().getSimpleName());
                }
                yield message;
            }
        };
    }

    /** What the node may be told of an answer. */
    Object answer(NodeName node, Object message) {
        return switch (message) {
            case Network m -> {
                List<Endpoint> own = m.getEndpointsList().stream()
                        .filter(endpoint -> endpoint.getNode().equals(node.value()))
                        .toList();
                yield m.toBuilder().clearEndpoints().addAllEndpoints(own).build();
            }
            case ListNodesResponse m ->
                m.toBuilder()
                        .clearNodes()
                        .addAllNodes(m.getNodesList().stream()
                                .filter(one -> one.getName().equals(node.value()))
                                .toList())
                        .build();
            default -> message;
        };
    }

    private String sandbox(NodeName node, String reference) {
        Optional<Sandbox> found = Optional.of(sandboxes.find(reference))
                .filter(sandbox -> sandbox.node().equals(node));
        return found.orElseThrow(() ->
                        new ServiceException(Reason.SANDBOX_NOT_FOUND, "node " + node + " has no sandbox " + reference))
                .id()
                .value();
    }

    private CreateSandboxRequest create(NodeName node, CreateSandboxRequest request) {
        CreateSandboxRequest.Builder builder = request.toBuilder().setNode(own(node, request.getNode()));
        if (!request.getSharedSandbox().isEmpty()) {
            builder.setSharedSandbox(sandbox(node, request.getSharedSandbox()));
        }
        builder.clearEndpoints();
        request.getEndpointsList().forEach(spec -> builder.addEndpoints(endpoint(node, spec)));
        return builder.build();
    }

    private EndpointSpec endpoint(NodeName node, EndpointSpec spec) {
        return spec.toBuilder()
                .setNetwork(network(node, spec.getNetwork(), node.value(), Use.JOIN))
                .build();
    }

    private CreateNetworkRequest create(NodeName node, CreateNetworkRequest request) {
        if (!LOCAL_DRIVERS.contains(request.getDriver()) || request.getScope() == Scope.SCOPE_GLOBAL) {
            throw refused(
                    node,
                    "may make local networks only (bridge, macvlan, ipvlan); make this one as a user with a role");
        }
        if (!request.getConfigFrom().isEmpty()) {
            var unused = network(node, request.getConfigFrom(), node.value(), Use.READ);
        }
        return request.toBuilder()
                .setNode(own(node, request.getNode()))
                .setScope(Scope.SCOPE_LOCAL)
                .build();
    }

    /** What a network is wanted for. */
    private enum Use {
        READ,
        JOIN,
        CHANGE
    }

    private String network(NodeName node, String reference, String whose, Use use) {
        NetworkOperations.Details details = networks.get(reference, own(node, whose), Optional.of(node));
        var network = details.network().value();
        boolean permitted = switch (network.scope()) {
            case dev.weft.controlplane.model.Scope.Local(NodeName owner) -> owner.equals(node);
            case dev.weft.controlplane.model.Scope.Global() ->
                use != Use.CHANGE
                        && (network.traits().contains(dev.weft.controlplane.model.Network.Trait.ATTACHABLE)
                                || details.endpoints().stream()
                                        .anyMatch(one ->
                                                one.endpoint().value().node().equals(node)));
        };
        if (!permitted) {
            throw use == Use.CHANGE
                    ? refused(node, "may change its own local networks only, not " + reference)
                    : new ServiceException(
                            Reason.NETWORK_NOT_FOUND,
                            "node " + node + " has no network " + reference
                                    + ", and takes part in no global one of that name that is not attachable");
        }
        return network.id().value();
    }

    private static String own(NodeName node, String named) {
        if (!named.isEmpty() && !named.equals(node.value()) && !named.equals("*")) {
            throw refused(node, "may ask for itself only, not for " + named);
        }
        return node.value();
    }

    private static ServiceException refused(NodeName node, String what) {
        return new ServiceException(
                Reason.NOT_PERMITTED,
                "node " + node + " " + what + "; it has no role in the cluster (weft node token create --socket-role)");
    }
}
