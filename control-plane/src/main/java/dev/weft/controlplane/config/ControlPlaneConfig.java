package dev.weft.controlplane.config;

import java.nio.file.Path;
import java.util.List;

/**
 * What the control plane is started with.
 *
 * @param listen TCP address for nodes and clients
 * @param runDirectory for the unix socket; may be empty at each start
 * @param stateDirectory for what must outlive the process
 */
public record ControlPlaneConfig(StoreChoice store, HostPort listen, Path runDirectory, Path stateDirectory) {

    /** Name of the unix socket within the run directory. */
    public static final String SOCKET_NAME = "control-plane.sock";

    /** Where everything is stored. */
    public sealed interface StoreChoice {

        /** A file in the state directory. */
        record Sqlite() implements StoreChoice {}

        /**
         * An etcd cluster.
         *
         * @param endpoints at least one
         * @param prefix under which all of Weft's keys stand
         */
        record Etcd(List<HostPort> endpoints, String prefix) implements StoreChoice {
            public Etcd {
                endpoints = List.copyOf(endpoints);
            }
        }
    }

    public Path socket() {
        return runDirectory.resolve(SOCKET_NAME);
    }
}
