package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.Network;
import dev.weft.net.InterfaceName;
import dev.weft.net.Mtu;
import java.util.Optional;

/**
 * Reads the driver options that shape a network's rows. Admission has refused malformed ones; here one that still does
 * not parse counts as not given, because a node without the network's row is worse off than one with the default.
 */
final class DriverOptions {

    static final String MTU = "com.docker.network.driver.mtu";
    static final String BRIDGE_NAME = "com.docker.network.bridge.name";
    static final String INTER_CONTAINER_COMMUNICATION = "com.docker.network.bridge.enable_icc";
    static final String MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";

    private DriverOptions() {}

    /** Empty when absent or 0, which is Docker's word for the default. */
    static Optional<Mtu> mtu(Network network) {
        return option(network, MTU).flatMap(text -> {
            try {
                return Optional.of(new Mtu(Integer.parseInt(text)));
            } catch (IllegalArgumentException notAnMtu) {
                return Optional.empty();
            }
        });
    }

    static Optional<InterfaceName> bridgeName(Network network) {
        return option(network, BRIDGE_NAME).flatMap(text -> {
            try {
                return Optional.of(new InterfaceName(text));
            } catch (IllegalArgumentException notAName) {
                return Optional.empty();
            }
        });
    }

    /** Whether something that is on by default was left on. The words for off are those of Go's ParseBool, as in Docker. */
    static boolean isOn(Network network, String option) {
        return option(network, option)
                .map(text -> switch (text) {
                    case "0", "f", "F", "false", "FALSE", "False" -> false;
                    default -> true;
                })
                .orElse(true);
    }

    private static Optional<String> option(Network network, String name) {
        return Optional.ofNullable(network.options().get(name));
    }
}
