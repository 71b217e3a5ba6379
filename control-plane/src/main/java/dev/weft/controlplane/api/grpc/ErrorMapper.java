package dev.weft.controlplane.api.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import dev.weft.controlplane.codec.DamagedValueException;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import dev.weft.controlplane.store.StoreException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where a failure becomes a status: {@code google.rpc.Status} with an ErrorInfo whose reason is a
 * {@link Reason}, the bad fields where the input was bad, and the request's id so that a report finds the log.
 */
final class ErrorMapper {

    static final String DOMAIN = "weft.dev";

    private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);

    private ErrorMapper() {}

    static StatusRuntimeException map(Throwable failure, String serverRequestId) {
        return switch (failure) {
            case ServiceException e -> map(e, serverRequestId);
            case StoreException e -> map(translate(e, serverRequestId), serverRequestId);
            case StatusRuntimeException e
            when e.getCause() instanceof InvalidProtocolBufferException malformed ->
                map(
                        new ServiceException(
                                Reason.INVALID_REQUEST,
                                "the message is not of the form that the method takes: " + malformed.getMessage()),
                        serverRequestId);
            case StatusRuntimeException e -> e;
            case StatusException e -> e.getStatus().asRuntimeException(e.getTrailers());
            case DamagedValueException e -> {
                LOG.error("Request {} met a damaged value", serverRequestId, e);
                yield map(new ServiceException(Reason.INTERNAL, String.valueOf(e.getMessage())), serverRequestId);
            }
            default -> {
                LOG.error("Request {} failed", serverRequestId, failure);
                yield map(
                        new ServiceException(
                                Reason.INTERNAL,
                                "internal error; the control plane's log has it under request " + serverRequestId),
                        serverRequestId);
            }
        };
    }

    private static StatusRuntimeException map(ServiceException failure, String serverRequestId) {
        ErrorInfo.Builder info =
                ErrorInfo.newBuilder().setReason(failure.reason().name()).setDomain(DOMAIN);
        failure.metadata().forEach((key, value) -> info.putMetadata(key, StatusLimits.metadata(value)));
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(code(failure.reason().category()).value())
                .setMessage(StatusLimits.message(failure.getMessage()))
                .addDetails(Any.pack(info.build()));
        if (!failure.violations().isEmpty()) {
            status.addDetails(Any.pack(StatusLimits.violations(failure.violations())));
        }
        status.addDetails(
                Any.pack(RequestInfo.newBuilder().setRequestId(serverRequestId).build()));
        return StatusProto.toStatusRuntimeException(status.build());
    }

    private static ServiceException translate(StoreException failure, String serverRequestId) {
        String text = String.valueOf(failure.getMessage());
        return switch (failure.kind()) {
            case UNAVAILABLE -> new ServiceException(Reason.STORE_UNAVAILABLE, text + "; nothing was written");
            case CLOSED -> new ServiceException(Reason.SHUTTING_DOWN, "the control plane is stopping; try again");
            case FULL -> new ServiceException(Reason.STORE_FULL, text + "; nothing was written");
            case TOO_LARGE -> new ServiceException(Reason.TOO_MANY_PARTS, text + "; nothing was written");
            case OUTCOME_UNKNOWN ->
                new ServiceException(Reason.OUTCOME_UNKNOWN, text + "; look whether it was done before trying again");
            case EXPIRED, INTERNAL -> {
                LOG.error("Request {} failed in the store", serverRequestId, failure);
                yield new ServiceException(Reason.INTERNAL, text);
            }
        };
    }

    private static Status.Code code(Reason.Category category) {
        return switch (category) {
            case INVALID_ARGUMENT -> Status.Code.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
            case PERMISSION_DENIED -> Status.Code.PERMISSION_DENIED;
            case NOT_FOUND -> Status.Code.NOT_FOUND;
            case ALREADY_EXISTS -> Status.Code.ALREADY_EXISTS;
            case FAILED_PRECONDITION -> Status.Code.FAILED_PRECONDITION;
            case RESOURCE_EXHAUSTED -> Status.Code.RESOURCE_EXHAUSTED;
            case OUT_OF_RANGE -> Status.Code.OUT_OF_RANGE;
            case ABORTED -> Status.Code.ABORTED;
            case UNAVAILABLE -> Status.Code.UNAVAILABLE;
            case CANCELLED -> Status.Code.CANCELLED;
            case UNKNOWN -> Status.Code.UNKNOWN;
            case INTERNAL -> Status.Code.INTERNAL;
        };
    }
}
