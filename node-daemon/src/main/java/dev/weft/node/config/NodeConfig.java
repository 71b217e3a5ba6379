package dev.weft.node.config;

import dev.weft.config.ConfigException;
import dev.weft.net.IpAddress;
import dev.weft.ops.OperationsConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * All that can be set.
 *
 * @param name of this node; 1 to 63 characters of a host name's label
 * @param controlPlane where the control plane listens for nodes
 * @param security how the daemon and the control plane know each other
 * @param overlays whether it is to have a tunnel address at all
 * @param underlay the node's tunnel address; absent: the one from which the control plane is reached
 * @param underlayMtu bytes; absent: that of the link with the tunnel address
 * @param hostFallback whether sandboxes may fall back to the host's own network
 * @param runDirectory for sockets and namespaces
 * @param stateDirectory for what survives a reboot
 * @param resolvConf names the servers that sandboxes have unless they say otherwise
 * @param operations how it shows itself to operators
 */
public record NodeConfig(
        String name,
        ControlPlaneAddress controlPlane,
        Security security,
        Overlays overlays,
        Optional<IpAddress> underlay,
        Optional<Integer> underlayMtu,
        HostFallback hostFallback,
        Path runDirectory,
        Path stateDirectory,
        Path resolvConf,
        OperationsConfig operations) {

    /** Whether the node takes part in overlays. */
    public enum Overlays {
        /** If it has a tunnel address. */
        JOINED,
        /** Not at all: {@code --underlay none}. */
        LEFT_OUT
    }

    /** Whether sandboxes may fall back to the host's own network: a privilege that only the host's operator can give. */
    public enum HostFallback {
        ALLOWED,
        FORBIDDEN
    }

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?");

    public NodeConfig {
        if (!NAME.matcher(name).matches()) {
            throw new ConfigException(
                    "invalid --name '" + name
                            + "': it should have 1 to 63 letters, digits, '-', '_' or '.', and begin and end with a letter or digit");
        }
        underlay.ifPresent(address -> {
            if (address.isLoopback() || address.isMulticast() || address.isUnspecified() || address.isLinkLocal()) {
                throw new ConfigException(
                        "invalid --underlay " + address + ": other nodes must be able to reach this node there");
            }
        });
        underlayMtu.ifPresent(mtu -> {
            if (mtu < 576 || mtu > 65_535) {
                throw new ConfigException("invalid --underlay-mtu " + mtu + ": it should be 576 to 65535");
            }
        });
    }
}
