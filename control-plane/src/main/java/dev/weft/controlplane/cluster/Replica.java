package dev.weft.controlplane.cluster;

/**
 * One replica of the control plane, from its process's start to its end.
 *
 * @param name no two processes have the same
 * @param address where it serves gRPC, {@code host:port}
 */
public record Replica(String name, String address) {

    @Override
    public String toString() {
        return name + " at " + address;
    }
}
