package dev.weft.net;

import java.util.Optional;

/**
 * What may pass through an endpoint, as its sandbox sees it.
 *
 * @param ingress into the sandbox; empty for as much as can be
 * @param egress out of the sandbox; empty for as much as can be
 */
public record Bandwidth(Optional<BitRate> ingress, Optional<BitRate> egress) {

    public static final Bandwidth UNLIMITED = new Bandwidth(Optional.empty(), Optional.empty());
}
