package dev.weft.controlplane.model;

import dev.weft.net.MacAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * An address that was released and is not handed out again before its rest is over, unless nothing else is left.
 *
 * @param lastHolder whose release this was
 * @param retention for whom it is kept in any case
 */
public record RestingAddress(EndpointId lastHolder, Instant releaseTime, Optional<Retention> retention) {

    /** One that only rests. */
    public RestingAddress(EndpointId lastHolder, Instant releaseTime) {
        this(lastHolder, releaseTime, Optional.empty());
    }

    /**
     * That an address is kept for a sandbox which may come again.
     *
     * @param sandboxName whoever has this name then
     * @param until it ends then, or when it is taken
     * @param mac what the address was reached at, to be had again with it; empty on ipvlan networks
     */
    public record Retention(String sandboxName, Instant until, Optional<MacAddress> mac) {

        public boolean isOver(Instant now) {
            return !until.isAfter(now);
        }
    }

    /** For whom the address is kept now. */
    public Optional<Retention> retentionAt(Instant now) {
        return retention.filter(kept -> !kept.isOver(now));
    }
}
