package dev.weft.chaos.plan;

/**
 * What a cluster has that faults can be done to.
 *
 * @param hosts how many run a daemon, from 2
 * @param controlPlanes how many replicas, from 1
 * @param etcdMembers 0 with the embedded store
 * @param broker whether there is a Kafka broker
 * @param smallDisk whether the embedded store is on a disk that can be filled
 */
public record Shape(int hosts, int controlPlanes, int etcdMembers, boolean broker, boolean smallDisk) {

    public Shape {
        if (hosts < 2 || controlPlanes < 1 || etcdMembers < 0) {
            throw new IllegalArgumentException(
                    "a chaos run needs two hosts and a control plane at least, not " + hosts + " and " + controlPlanes);
        }
    }
}
