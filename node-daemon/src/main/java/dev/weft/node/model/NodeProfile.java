package dev.weft.node.model;

import dev.weft.net.IpAddress;
import java.util.Optional;

/**
 * What of this node decides how rows become kernel objects.
 *
 * @param vtep the node's tunnel address; without one, overlays cannot be built here
 */
public record NodeProfile(Optional<IpAddress> vtep) {}
