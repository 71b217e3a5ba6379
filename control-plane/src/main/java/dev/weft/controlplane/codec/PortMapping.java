package dev.weft.controlplane.codec;

import static dev.weft.controlplane.codec.Fields.canonical;
import static dev.weft.controlplane.codec.Fields.require;

import dev.weft.api.v1.PortProtocol;
import dev.weft.api.v1.PublishedPort;
import dev.weft.net.IpAddress;
import dev.weft.net.PortBinding;
import dev.weft.net.TransportProtocol;
import java.util.Optional;

/** Published ports. */
final class PortMapping {

    private PortMapping() {}

    static PublishedPort write(PortBinding binding) {
        PublishedPort.Builder builder = PublishedPort.newBuilder()
                .setHostAddress(binding.hostAddress().toString())
                .setHostPort(binding.hostPort())
                .setContainerPort(binding.containerPort())
                .setProtocol(write(binding.protocol()));
        if (binding.count() > 1) {
            builder.setCount(binding.count());
        }
        return builder.build();
    }

    static PortBinding read(PublishedPort message) {
        require(message.getCount() != 1, "ports.count", "is written where it goes without saying");
        return new PortBinding(
                protocol(message.getProtocol())
                        .orElseThrow(() -> new IllegalArgumentException("unknown ports.protocol")),
                canonical("ports.host_address", message.getHostAddress(), IpAddress::parse),
                message.getHostPort(),
                message.getContainerPort(),
                message.getCount() == 0 ? 1 : message.getCount());
    }

    static Optional<TransportProtocol> protocol(PortProtocol protocol) {
        return switch (protocol) {
            case PORT_PROTOCOL_TCP -> Optional.of(TransportProtocol.TCP);
            case PORT_PROTOCOL_UDP -> Optional.of(TransportProtocol.UDP);
            case PORT_PROTOCOL_SCTP -> Optional.of(TransportProtocol.SCTP);
            case PORT_PROTOCOL_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static PortProtocol write(TransportProtocol protocol) {
        return switch (protocol) {
            case TCP -> PortProtocol.PORT_PROTOCOL_TCP;
            case UDP -> PortProtocol.PORT_PROTOCOL_UDP;
            case SCTP -> PortProtocol.PORT_PROTOCOL_SCTP;
        };
    }
}
