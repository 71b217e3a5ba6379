package dev.weft.cli;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** How the stub's services answer; each request is kept for the test to look at. */
final class StubAnswers {

    private final Queue<com.google.protobuf.Message> requests = new ConcurrentLinkedQueue<>();

    void keep(com.google.protobuf.Message request) {
        requests.add(request);
    }

    <M> void answer(com.google.protobuf.Message request, StreamObserver<M> observer, M reply) {
        requests.add(request);
        observer.onNext(reply);
        observer.onCompleted();
    }

    /** The only request of this type. */
    <M extends com.google.protobuf.Message> M request(Class<M> type) {
        List<M> found =
                requests.stream().filter(type::isInstance).map(type::cast).toList();
        if (found.size() != 1) {
            throw new AssertionError("wanted one " + type.getSimpleName() + ", got " + requests);
        }
        return found.getFirst();
    }

    static StatusRuntimeException error(Code code, String reason, String message) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(message)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("weft.dev")
                        .setReason(reason)
                        .build()))
                .build());
    }

    static StatusRuntimeException violations(String... fieldsAndTexts) {
        BadRequest.Builder details = BadRequest.newBuilder();
        for (int i = 0; i < fieldsAndTexts.length; i += 2) {
            details.addFieldViolationsBuilder().setField(fieldsAndTexts[i]).setDescription(fieldsAndTexts[i + 1]);
        }
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT_VALUE)
                .setMessage("invalid network")
                .addDetails(Any.pack(details.build()))
                .build());
    }

    static StatusRuntimeException notFound(String kind, String reference) {
        return error(
                Code.NOT_FOUND,
                kind.toUpperCase(java.util.Locale.ROOT) + "_NOT_FOUND",
                kind + " " + reference + " not found");
    }
}
