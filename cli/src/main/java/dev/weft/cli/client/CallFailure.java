package dev.weft.cli.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.trust.TlsFailure;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A failed call, in the words of the person who made it.
 *
 * @param code of the gRPC status
 * @param reason of the ErrorInfo, such as NETWORK_NOT_FOUND; empty when the server gave none
 * @param message one line
 */
public record CallFailure(Status.Code code, String reason, String message) {

    /** Reads the status and its details out of what a stub threw. */
    public static CallFailure of(Throwable thrown, ServerAddress server) {
        Status status = switch (thrown) {
            case StatusRuntimeException e -> e.getStatus();
            case StatusException e -> e.getStatus();
            default -> Status.UNKNOWN.withDescription(String.valueOf(thrown.getMessage()));
        };
        com.google.rpc.Status details = StatusProto.fromThrowable(thrown);
        List<Any> parts = details == null ? List.of() : details.getDetailsList();
        String reason = first(parts, ErrorInfo.class).map(ErrorInfo::getReason).orElse("");
        String message = describe(status, reason, first(parts, BadRequest.class), server);
        return new CallFailure(status.getCode(), reason, oneLine(message));
    }

    public boolean isNotFound() {
        return code == Status.Code.NOT_FOUND;
    }

    public CliException toException() {
        return toException(code == Status.Code.CANCELLED ? ExitCode.INTERRUPTED : ExitCode.FAILURE);
    }

    public CliException toException(ExitCode exitCode) {
        return new CliException(exitCode, message);
    }

    private static String describe(
            Status status, String reason, Optional<BadRequest> badRequest, ServerAddress server) {
        String description = status.getDescription() == null ? "" : status.getDescription();
        return switch (status.getCode()) {
            // With a reason it is the control plane that answers: what it needs is away, not the control plane.
            case UNAVAILABLE ->
                !reason.isEmpty()
                        ? orCode(description, status)
                        : tls(status, server)
                                .orElseGet(
                                        () -> "cannot reach the control plane at " + server + " ("
                                                + cause(status, description)
                                                + "): start one with weft up or weft-control-plane, or name another with --host or WEFT_HOST");
            case DEADLINE_EXCEEDED -> "no answer in time from " + server + ": " + orCode(description, status);
            case UNIMPLEMENTED ->
                "the server at " + server + " does not know this call: " + orCode(description, status);
            case CANCELLED -> "interrupted";
            default -> withViolations(orCode(description, status), badRequest);
        };
    }

    private static Optional<String> tls(Status status, ServerAddress server) {
        return Optional.ofNullable(status.getCause())
                .flatMap(TlsFailure::explain)
                .map(why -> "no secure connection to " + server + ": " + why);
    }

    /**
     * Every violation with its field's name. The description comes first where it says more than they do: servers often
     * join the violations into it.
     */
    private static String withViolations(String description, Optional<BadRequest> badRequest) {
        List<BadRequest.FieldViolation> violations =
                badRequest.map(BadRequest::getFieldViolationsList).orElse(List.of());
        String list = violations.stream()
                .map(violation -> violation.getField().isEmpty()
                        ? violation.getDescription()
                        : violation.getField() + ": " + violation.getDescription())
                .collect(Collectors.joining("; "));
        boolean joined = violations.stream().allMatch(violation -> description.contains(violation.getDescription()));
        if (list.isEmpty()) {
            return description;
        }
        return joined || description.isEmpty() ? list : description + ": " + list;
    }

    private static String cause(Status status, String description) {
        Throwable cause = status.getCause();
        String detail = cause == null || cause.getMessage() == null ? description : cause.getMessage();
        return detail.isEmpty() ? "connection failed" : detail;
    }

    private static String orCode(String description, Status status) {
        return description.isEmpty() ? status.getCode().toString() : description;
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", "; ").replace(":;", ":");
    }

    private static <M extends com.google.protobuf.Message> Optional<M> first(List<Any> parts, Class<M> type) {
        for (Any part : parts) {
            if (part.is(type)) {
                try {
                    return Optional.of(part.unpack(type));
                } catch (InvalidProtocolBufferException _) {
                    // A detail that cannot be read says nothing; the status itself is still told.
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
