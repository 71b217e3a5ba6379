package dev.weft.controlplane.exec;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.weft.api.v1.ExecFailure;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** How an Exec call ends when the command could not be reached or started. */
final class ExecErrors {

    private ExecErrors() {}

    /** The node did not start the command, and says why. */
    static StatusRuntimeException failed(ExecFailure failure) {
        String why = failure.getMessage();
        return switch (failure.getReason()) {
            case COMMAND_NOT_FOUND -> error(Code.NOT_FOUND, "COMMAND_NOT_FOUND", why);
            case COMMAND_NOT_EXECUTABLE -> error(Code.FAILED_PRECONDITION, "COMMAND_NOT_EXECUTABLE", why);
            case SANDBOX_GONE -> error(Code.FAILED_PRECONDITION, "SANDBOX_GONE", why);
            case OTHER, UNRECOGNIZED -> error(Code.FAILED_PRECONDITION, "EXEC_FAILED", why);
        };
    }

    /** The node cannot be reached, now or not any more. */
    static StatusRuntimeException unavailable(String message) {
        return error(Code.UNAVAILABLE, "NODE_NOT_CONNECTED", message);
    }

    static StatusRuntimeException badRequest(String message) {
        return error(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", message);
    }

    private static StatusRuntimeException error(Code code, String reason, String message) {
        return StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(message)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("weft.dev")
                        .setReason(reason)
                        .build()))
                .build());
    }
}
