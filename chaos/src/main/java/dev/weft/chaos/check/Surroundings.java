package dev.weft.chaos.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the checker finds things.
 *
 * @param outside network namespace of a machine that is no node
 * @param internet an address beyond it, which a sandbox with a way out reaches
 * @param broker where Kafka is, and from which namespace it is reached
 */
public record Surroundings(
        List<Node> nodes, Path outside, String internet, StoreReader store, Optional<Broker> broker) {

    /**
     * A host with a daemon.
     *
     * @param namespace path of its network namespace
     * @param address on the network between the hosts, IPv4
     * @param runDirectory of its daemon, with the sandboxes' namespaces below {@code netns}
     */
    public record Node(String name, Path namespace, String address, Path runDirectory) {}

    /** @param bootstrapServers {@code host:port} */
    public record Broker(Path namespace, String bootstrapServers) {}
}
