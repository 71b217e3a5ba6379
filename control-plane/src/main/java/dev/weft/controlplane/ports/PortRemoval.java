package dev.weft.controlplane.ports;

import dev.weft.net.IpAddress;
import dev.weft.net.PortBinding;
import dev.weft.net.TransportProtocol;
import java.util.Optional;

/**
 * Which ports are not to be published any more.
 *
 * @param address empty for all addresses
 * @param first first host port
 * @param last last host port
 * @param containerPort the first host port's counterpart; 0 for any
 */
public record PortRemoval(
        TransportProtocol protocol, Optional<IpAddress> address, int first, int last, int containerPort) {

    /** Whether something of the binding is meant. */
    boolean matches(PortBinding binding) {
        return protocol == binding.protocol()
                && address.map(binding.hostAddress()::equals).orElse(true)
                && first <= binding.lastHostPort()
                && binding.hostPort() <= last
                && (containerPort == 0 || binding.containerPort() - binding.hostPort() == containerPort - first);
    }

    @Override
    public String toString() {
        return (address.isEmpty() ? "" : address.get() + " ") + (first == last ? first : first + "-" + last) + "/"
                + protocol;
    }
}
