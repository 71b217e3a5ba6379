package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.DrainNodeRequest;
import dev.weft.api.v1.GetNodeRequest;
import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.ListNodesResponse;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.RemoveNodeRequest;
import dev.weft.api.v1.RemoveNodeResponse;
import dev.weft.controlplane.service.Call;
import dev.weft.controlplane.service.Listed;
import dev.weft.controlplane.service.NodeOperations;
import io.grpc.stub.StreamObserver;

/** Nodes over gRPC. */
public final class NodeGrpcService extends NodeServiceGrpc.NodeServiceImplBase {

    private final NodeOperations nodes;

    public NodeGrpcService(NodeOperations nodes) {
        this.nodes = nodes;
    }

    @Override
    public void getNode(GetNodeRequest request, StreamObserver<Node> replies) {
        Replies.answer(replies, () -> Messages.node(nodes.get(request.getNode(), RequestContext.viaNode())));
    }

    @Override
    public void drainNode(DrainNodeRequest request, StreamObserver<Node> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    NodeServiceGrpc.getDrainNodeMethod(), request, request.getRequestId(), request.getValidateOnly());
            return Messages.node(
                    request.getUndo() ? nodes.endDrain(call, request.getNode()) : nodes.drain(call, request.getNode()));
        });
    }

    @Override
    public void removeNode(RemoveNodeRequest request, StreamObserver<RemoveNodeResponse> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    NodeServiceGrpc.getRemoveNodeMethod(), request, request.getRequestId(), request.getValidateOnly());
            NodeOperations.Removed removed = nodes.remove(
                    call, request.getNode(), request.getForce() ? NodeOperations.Force.YES : NodeOperations.Force.NO);
            return RemoveNodeResponse.newBuilder()
                    .setName(removed.name().value())
                    .setSandboxes(removed.sandboxes())
                    .setEndpoints(removed.endpoints())
                    .setNetworks(removed.networks())
                    .build();
        });
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> replies) {
        Replies.answer(replies, () -> {
            Listed<NodeOperations.Details> all = nodes.list();
            var page = PageTokens.page(
                    all.items(),
                    details -> details.node().value().name().value(),
                    request.getPageSize(),
                    request.getPageToken());
            return ListNodesResponse.newBuilder()
                    .addAllNodes(page.items().stream().map(Messages::node).toList())
                    .setNextPageToken(page.nextToken())
                    .setRevision(all.revision())
                    .build();
        });
    }
}
