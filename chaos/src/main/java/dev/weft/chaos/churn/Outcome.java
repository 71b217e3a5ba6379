package dev.weft.chaos.churn;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Set;

/** What became of a call. */
sealed interface Outcome<T> {

    /** It was done, and this is the answer. */
    record Done<T>(T answer) implements Outcome<T> {}

    /**
     * It was refused for good.
     *
     * @param reason of the ErrorInfo; the status' code where there is none
     */
    record Refused<T>(String reason, String message) implements Outcome<T> {}

    /** There was no answer, or one that says that it may be repeated. */
    record Lost<T>(String why) implements Outcome<T> {}

    /** Codes after which a client tries again. */
    Set<Status.Code> TRANSIENT = Set.of(
            Status.Code.UNAVAILABLE,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.UNKNOWN,
            Status.Code.ABORTED,
            Status.Code.CANCELLED);

    static <T> Outcome<T> of(StatusRuntimeException thrown) {
        Status status = thrown.getStatus();
        String reason = reason(thrown);
        if (TRANSIENT.contains(status.getCode()) || reason.equals("STORE_FULL")) {
            return new Lost<>(status.getCode() + " " + reason + " " + status.getDescription());
        }
        return new Refused<>(
                reason.isEmpty() ? status.getCode().name() : reason, String.valueOf(status.getDescription()));
    }

    private static String reason(StatusRuntimeException thrown) {
        com.google.rpc.Status details = StatusProto.fromThrowable(thrown);
        if (details == null) {
            return "";
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return detail.unpack(ErrorInfo.class).getReason();
                } catch (InvalidProtocolBufferException _) {
                    return "";
                }
            }
        }
        return "";
    }
}
