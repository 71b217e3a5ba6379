package dev.weft.cli;

import static dev.weft.cli.StubAnswers.error;
import static dev.weft.cli.StubObjects.CREATED;
import static dev.weft.cli.StubObjects.node;

import com.google.rpc.Code;
import dev.weft.api.v1.DrainNodeRequest;
import dev.weft.api.v1.GetNodeRequest;
import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.ListNodesResponse;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.RemoveNodeRequest;
import dev.weft.api.v1.RemoveNodeResponse;
import io.grpc.stub.StreamObserver;

/** Two nodes, one of them away and drained. */
final class StubNodes extends NodeServiceGrpc.NodeServiceImplBase {

    private final StubAnswers answers;

    StubNodes(StubAnswers answers) {
        this.answers = answers;
    }

    @Override
    public void getNode(GetNodeRequest request, StreamObserver<Node> observer) {
        answers.answer(request, observer, node(request.getNode().isEmpty() ? "h1" : request.getNode(), true));
    }

    @Override
    public void drainNode(DrainNodeRequest request, StreamObserver<Node> observer) {
        answers.answer(request, observer, node(request.getNode(), true));
    }

    @Override
    public void removeNode(RemoveNodeRequest request, StreamObserver<RemoveNodeResponse> observer) {
        if (request.getNode().equals("busy") && !request.getForce()) {
            observer.onError(error(
                    Code.FAILED_PRECONDITION,
                    "NODE_IN_USE",
                    "node busy cannot be removed: it has sandbox one; remove these first, or use --force"));
            return;
        }
        answers.answer(
                request,
                observer,
                RemoveNodeResponse.newBuilder()
                        .setSandboxes(request.getForce() ? 2 : 0)
                        .setEndpoints(request.getForce() ? 3 : 0)
                        .build());
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
        answers.answer(
                request,
                observer,
                ListNodesResponse.newBuilder()
                        .addNodes(node("h10", true))
                        .addNodes(node("h2", false).toBuilder().setDrainTime(CREATED))
                        .build());
    }
}
