package dev.weft.controlplane.store.etcd;

import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import io.grpc.Status;

/**
 * Says of a failed call what it means for the caller. etcd tells its errors apart by text only; the texts are those of its
 * {@code api/v3rpc/rpctypes/error.go}, the same from 3.4 to 3.6.
 */
final class EtcdErrors {

    /** What is known of a call that failed. */
    enum Sent {
        /** It never reached a connection. */
        NO,
        /** It may have reached the server. */
        PERHAPS
    }

    /** What the call would have done. */
    enum Effect {
        READ,
        WRITE
    }

    private EtcdErrors() {}

    static Kind kind(Status status, Sent sent, Effect effect) {
        String text = String.valueOf(status.getDescription());
        if (text.contains("database space exceeded")) {
            return Kind.FULL;
        }
        if (text.contains("request is too large") || text.contains("too many operations in txn")) {
            return Kind.TOO_LARGE;
        }
        if (text.contains("requested lease not found")) {
            return Kind.EXPIRED;
        }
        if (text.contains("etcdserver: no leader") || text.contains("too many requests")) {
            return Kind.UNAVAILABLE; // said before the request is proposed to the cluster
        }
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, ABORTED, RESOURCE_EXHAUSTED, UNKNOWN, INTERNAL ->
                sent == Sent.PERHAPS && effect == Effect.WRITE ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
            case OK,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    DATA_LOSS,
                    UNAUTHENTICATED -> Kind.INTERNAL;
        };
    }

    static boolean isCompacted(Status status) {
        return String.valueOf(status.getDescription()).contains("required revision has been compacted");
    }

    static boolean isFutureRevision(Status status) {
        return String.valueOf(status.getDescription()).contains("required revision is a future revision");
    }

    static StoreException exception(Kind kind, String attempt, EtcdAddress server, Throwable cause) {
        Status status = Status.fromThrowable(cause);
        String reason = status.getDescription() == null ? status.getCode().toString() : status.getDescription();
        String advice = switch (kind) {
            case UNAVAILABLE -> "; is etcd running, and has it a leader?";
            case OUTCOME_UNKNOWN -> "; it may have been applied all the same";
            case FULL -> "; nothing was written. Compact and defragment etcd, raise its quota, disarm its alarm";
            case TOO_LARGE, EXPIRED, CLOSED, INTERNAL -> "";
        };
        return new StoreException(kind, attempt + " on etcd " + server + ": " + reason + advice, cause);
    }
}
