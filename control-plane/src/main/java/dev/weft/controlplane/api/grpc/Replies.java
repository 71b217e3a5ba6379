package dev.weft.controlplane.api.grpc;

import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** Answers unary calls. */
final class Replies {

    private Replies() {}

    /** Sends what the work returns, or the status of what it throws. */
    static <A> void answer(StreamObserver<A> replies, Supplier<A> work) {
        A answer;
        try {
            answer = work.get();
        } catch (RuntimeException e) {
            replies.onError(ErrorMapper.map(e, RequestContext.serverRequestId()));
            return;
        }
        replies.onNext(answer);
        replies.onCompleted();
    }
}
