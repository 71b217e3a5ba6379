package dev.weft.controlplane.model;

import java.time.Instant;
import java.util.Optional;

/**
 * The one holder of an address of a network.
 *
 * @param node the holder's node; empty where the network itself holds the address
 */
public record Lease(Holder holder, Optional<NodeName> node, Instant createTime) {

    /** Who holds an address. */
    public sealed interface Holder {

        /** An endpoint. */
        record OfEndpoint(EndpointId id) implements Holder {}

        /** The network, as its gateway. */
        record Gateway() implements Holder {}

        /** The network, for something else on the wire. */
        record Auxiliary(String name) implements Holder {}
    }
}
