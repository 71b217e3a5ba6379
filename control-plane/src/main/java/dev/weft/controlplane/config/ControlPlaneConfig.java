package dev.weft.controlplane.config;

import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.store.config.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the control plane is started with.
 *
 * @param clusterName tells clusters from each other: automatic IPv6 subnets follow from it
 * @param listen TCP address for nodes and clients
 * @param runDirectory for the unix socket; may be empty at each start
 * @param leakGrace how long a node may be silent before an address that it could still hold counts as leaked
 */
public record ControlPlaneConfig(
        StoreConfig store, String clusterName, HostPort listen, Path runDirectory, Duration leakGrace) {

    /** Name of the unix socket within the run directory. */
    public static final String SOCKET_NAME = "control-plane.sock";

    /** With the default grace. */
    public ControlPlaneConfig(StoreConfig store, String clusterName, HostPort listen, Path runDirectory) {
        this(store, clusterName, listen, runDirectory, LeakPolicy.DEFAULT.grace());
    }

    public Path socket() {
        return runDirectory.resolve(SOCKET_NAME);
    }
}
