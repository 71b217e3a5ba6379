package dev.weft.node.dial;

import dev.weft.config.HostPort;
import dev.weft.node.config.ControlPlaneAddress;
import java.nio.file.Path;
import java.util.List;

/** What a channel to the control plane dials. */
public sealed interface ControlPlaneTarget {

    /** One of these. */
    record Replicas(ReplicaAddresses addresses) implements ControlPlaneTarget {
        @Override
        public String toString() {
            return addresses.toString();
        }
    }

    /** The one on this host. */
    record UnixSocket(Path path) implements ControlPlaneTarget {
        @Override
        public String toString() {
            return "unix://" + path;
        }
    }

    /** @param node nodes of different names begin with different replicas */
    static ControlPlaneTarget of(ControlPlaneAddress address, String node) {
        return switch (address) {
            case ControlPlaneAddress.Replicas(List<HostPort> addresses) ->
                new Replicas(new ReplicaAddresses(
                        addresses.stream().map(HostPort::unresolved).toList(), node));
            case ControlPlaneAddress.UnixSocket(Path path) -> new UnixSocket(path);
        };
    }

    /** Calls that are open stay where they are; the next connection is to another replica. Returns whether there is one. */
    default boolean rotate() {
        if (this instanceof Replicas(ReplicaAddresses addresses) && addresses.count() > 1) {
            addresses.rotate();
            return true;
        }
        return false;
    }
}
