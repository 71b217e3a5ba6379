package dev.weft.controlplane.events.publish;

import java.time.Instant;

/** How this replica's publisher is doing. */
public sealed interface PublisherStatus {

    /** Every change up to this one has been published; 0 if that is not known. */
    default long publishedRevision() {
        return switch (this) {
            case NotLeading() -> 0;
            case Publishing(long revision) -> revision;
            case Waiting(long revision, var _, var _) -> revision;
        };
    }

    /** Another replica leads, or none. */
    record NotLeading() implements PublisherStatus {}

    /** @param revision every change up to this one has been published */
    record Publishing(long revision) implements PublisherStatus {}

    /**
     * It cannot publish now, and tries again.
     *
     * @param revision every change up to this one had been published when it last could; 0 if that is not known
     * @param reason one line: what it waits for
     * @param since when it could publish last
     */
    record Waiting(long revision, String reason, Instant since) implements PublisherStatus {}
}
