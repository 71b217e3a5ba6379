package dev.weft.node.sync;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.protobuf.StatusProto;
import org.jspecify.annotations.Nullable;

/** What a control plane says, for programs, when it refuses a call. */
final class Refusal {

    /** The node's certificates ceased to count when it was removed from the cluster. */
    static final String NODE_REMOVED = "NODE_REMOVED";

    private static final String DOMAIN = "weft.dev";

    private Refusal() {}

    /** The reason of the ErrorInfo; empty when the failure has none, as it does when the connection failed. */
    static String reason(Throwable failure) {
        @Nullable Status details = StatusProto.fromThrowable(failure);
        if (details == null) {
            return "";
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    ErrorInfo info = detail.unpack(ErrorInfo.class);
                    return info.getDomain().equals(DOMAIN) ? info.getReason() : "";
                } catch (InvalidProtocolBufferException _) {
                    // What cannot be read says nothing.
                    return "";
                }
            }
        }
        return "";
    }
}
