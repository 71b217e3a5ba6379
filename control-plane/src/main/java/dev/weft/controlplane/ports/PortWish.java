package dev.weft.controlplane.ports;

import dev.weft.net.IpAddress;
import dev.weft.net.TransportProtocol;
import java.util.List;

/**
 * A well-formed wish.
 *
 * @param hostAddresses all of them get the same port numbers
 * @param containerPort the first one
 * @param count how many container ports
 */
public record PortWish(
        TransportProtocol protocol, List<IpAddress> hostAddresses, int containerPort, int count, HostPorts hostPorts) {

    /** Which host ports. */
    public sealed interface HostPorts {

        /** These: from the first on, as many as there are container ports. */
        record Exactly(int first) implements HostPorts {}

        /** One of a range, for a single container port. */
        record OneOf(int first, int last) implements HostPorts {}

        /** Any for each. */
        record Any() implements HostPorts {}
    }

    public PortWish {
        hostAddresses = List.copyOf(hostAddresses);
    }
}
