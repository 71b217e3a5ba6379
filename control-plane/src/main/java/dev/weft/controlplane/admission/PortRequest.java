package dev.weft.controlplane.admission;

import dev.weft.net.TransportProtocol;
import java.util.Optional;

/**
 * Published ports as the user wants them, unchecked; 0 or empty where nothing was given.
 *
 * @param protocol empty for one that is not known
 */
public record PortRequest(
        String hostAddress,
        int hostPort,
        int hostPortEnd,
        int containerPort,
        int containerPortEnd,
        Optional<TransportProtocol> protocol) {}
