package dev.weft.cli.view;

import dev.weft.api.v1.ObjectStatus;
import dev.weft.cli.output.Value;

/** An object's status in words. */
public final class Statuses {

    private Statuses() {}

    public static String word(ObjectStatus.State state) {
        return switch (state) {
            case STATE_UNSPECIFIED, PENDING, UNRECOGNIZED -> "pending";
            case READY -> "ready";
            case FAILED -> "failed";
        };
    }

    static Value inspect(ObjectStatus status) {
        return Value.object()
                .put("Status", word(status.getState()))
                .put("Error", status.getMessage())
                .put("ObservedRevision", status.getObservedRevision())
                .build();
    }
}
