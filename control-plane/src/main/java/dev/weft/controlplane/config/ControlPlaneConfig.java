package dev.weft.controlplane.config;

import dev.weft.controlplane.store.config.StoreConfig;
import java.nio.file.Path;

/**
 * What the control plane is started with.
 *
 * @param clusterName tells clusters from each other: automatic IPv6 subnets follow from it
 * @param listen TCP address for nodes and clients
 * @param runDirectory for the unix socket; may be empty at each start
 */
public record ControlPlaneConfig(StoreConfig store, String clusterName, HostPort listen, Path runDirectory) {

    /** Name of the unix socket within the run directory. */
    public static final String SOCKET_NAME = "control-plane.sock";

    public Path socket() {
        return runDirectory.resolve(SOCKET_NAME);
    }
}
