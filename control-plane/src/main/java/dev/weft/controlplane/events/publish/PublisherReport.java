package dev.weft.controlplane.events.publish;

import dev.weft.controlplane.model.Leader;
import java.util.Optional;

/**
 * What a replica knows of the publishing of events.
 *
 * @param enabled whether events are published at all, by this replica's configuration
 * @param leader the replica that publishes, by the store
 * @param status of this replica's own publisher
 */
public record PublisherReport(boolean enabled, Optional<Leader> leader, PublisherStatus status) {

    /** Of a replica that is not to publish. */
    public static PublisherReport disabled() {
        return new PublisherReport(false, Optional.empty(), new PublisherStatus.NotLeading());
    }
}
