package dev.weft.controlplane.exec;

import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.controlplane.exec.ExecRelay.Destination;
import dev.weft.controlplane.model.NodeName;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.CallStreamObserver;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The two calls of one command: the client's, and the node's or that to the replica which reaches the node. Each side
 * is asked for its next message only when the other side has room, so nothing piles up here. The lock keeps each call's
 * observer to one thread at a time, as gRPC asks.
 */
final class ExecBridge {

    private final ReentrantLock lock = new ReentrantLock();
    private final ServerCallStreamObserver<ExecReply> client;
    private Optional<Destination> destination = Optional.empty();
    /** The node's call, or the one to the replica that reaches it. */
    private Optional<CallStreamObserver<ExecRequest>> node = Optional.empty();

    private boolean clientPaused;
    private boolean nodePaused;
    private boolean inputEnded;
    private boolean over;

    ExecBridge(ServerCallStreamObserver<ExecReply> client) {
        this.client = client;
    }

    void setDestination(Destination to) {
        locked(() -> destination = Optional.of(to));
    }

    /** Joins the node's call. Its first message is the start, which the client sent. */
    StreamObserver<ExecReply> join(ServerCallStreamObserver<ExecRequest> requests) {
        requests.disableAutoRequest();
        requests.setOnReadyHandler(this::nodeReady);
        requests.setOnCancelHandler(this::nodeLost);
        locked(() -> {
            if (over) {
                requests.onError(
                        Status.CANCELLED.withDescription("the client is gone").asRuntimeException());
                return;
            }
            node = Optional.of(requests);
            destination.ifPresent(to -> requests.onNext(
                    ExecRequest.newBuilder().setStart(to.start()).build()));
            if (inputEnded) {
                sendEndOfInput(requests);
            }
            requests.request(1);
            client.request(1);
        });
        return new FromNode();
    }

    /** Passes the call on to the replica that has the node's stream. */
    void passOn(ExecServiceGrpc.ExecServiceStub replica) {
        // gRPC-Java hands out no other kind of observer to a client.
        ClientCallStreamObserver<ExecRequest> requests =
                (ClientCallStreamObserver<ExecRequest>) replica.exec(new FromReplica());
        locked(() -> {
            if (over) {
                requests.cancel("the client is gone", null);
                return;
            }
            node = Optional.of(requests);
            destination.ifPresent(to -> requests.onNext(
                    ExecRequest.newBuilder().setStart(to.start()).build()));
            if (inputEnded) {
                sendEndOfInput(requests);
            }
            client.request(1);
        });
    }

    /** The client's next request, after the start. */
    void fromClient(ExecRequest request) {
        locked(() -> node.filter(_ -> !over).ifPresent(call -> {
            inputEnded |= request.getStdinEof();
            call.onNext(request);
            if (call.isReady()) {
                client.request(1);
            } else {
                clientPaused = true;
            }
        }));
    }

    /** The client sends no more: the command's input is at its end, its output goes on. */
    void clientHalfClosed() {
        locked(() -> {
            if (!inputEnded && !over) {
                inputEnded = true;
                node.ifPresent(ExecBridge::sendEndOfInput);
            }
        });
    }

    private static void sendEndOfInput(StreamObserver<ExecRequest> call) {
        call.onNext(ExecRequest.newBuilder().setStdinEof(true).build());
    }

    void clientReady() {
        locked(() -> {
            if (nodePaused && client.isReady()) {
                nodePaused = false;
                node.ifPresent(call -> call.request(1));
            }
        });
    }

    void clientCancelled() {
        locked(() -> {
            if (!over) {
                over = true;
                node.ifPresent(call -> call.onError(
                        Status.CANCELLED.withDescription("the client went away").asRuntimeException()));
            }
        });
    }

    /** Ends the client's call with an error, if it has not ended. */
    void fail(StatusRuntimeException failure) {
        locked(() -> {
            if (!over) {
                over = true;
                client.onError(failure);
                node.ifPresent(call -> call.onError(failure));
            }
        });
    }

    private void nodeReady() {
        locked(() -> {
            if (clientPaused && node.filter(CallStreamObserver::isReady).isPresent()) {
                clientPaused = false;
                client.request(1);
            }
        });
    }

    private void nodeLost() {
        locked(() -> {
            if (!over) {
                over = true;
                client.onError(ExecErrors.unavailable("lost the connection to the command on node " + nodeName()
                        + "; whether it still runs is not known"));
            }
        });
    }

    private String nodeName() {
        return destination.map(Destination::node).map(NodeName::value).orElse("?");
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private class FromNode implements StreamObserver<ExecReply> {

        @Override
        public void onNext(ExecReply reply) {
            locked(() -> {
                if (over) {
                    return;
                }
                if (reply.hasFailure()) {
                    fail(ExecErrors.failed(reply.getFailure()));
                    return;
                }
                client.onNext(reply);
                if (client.isReady()) {
                    node.ifPresent(call -> call.request(1));
                } else {
                    nodePaused = true;
                }
            });
        }

        @Override
        public void onError(Throwable failure) {
            nodeLost();
        }

        @Override
        public void onCompleted() {
            locked(() -> {
                if (!over) {
                    over = true;
                    client.onCompleted();
                    node.ifPresent(CallStreamObserver::onCompleted);
                }
            });
        }
    }

    /** What the replica says is for the client as it is; that it says nothing any more is told in other words. */
    private final class FromReplica extends FromNode implements ClientResponseObserver<ExecRequest, ExecReply> {

        @Override
        public void beforeStart(ClientCallStreamObserver<ExecRequest> requests) {
            requests.disableAutoRequestWithInitial(1);
            requests.setOnReadyHandler(ExecBridge.this::nodeReady);
        }

        @Override
        public void onError(Throwable failure) {
            com.google.rpc.Status said = StatusProto.fromThrowable(failure);
            if (said == null || said.getDetailsCount() == 0) {
                nodeLost();
            } else {
                fail(StatusProto.toStatusRuntimeException(said));
            }
        }
    }
}
