package dev.weft.chaos.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the checker finds things.
 *
 * @param weft the command
 * @param outside network namespace of a machine that is no node
 * @param internet an address beyond it, which a sandbox with a way out reaches
 * @param broker where Kafka is, and from which namespace it is reached
 */
public record Surroundings(
        List<Node> nodes, Path weft, Path outside, String internet, StoreReader store, Optional<Broker> broker) {

    /**
     * A host with a daemon.
     *
     * @param namespace path of its network namespace
     * @param address on the network between the hosts, IPv4
     * @param runDirectory of its daemon, with the sandboxes' namespaces below {@code netns}
     * @param foreign paths of namespaces that are not Weft's, and may be sandboxes
     */
    public record Node(String name, Path namespace, String address, Path runDirectory, List<Path> foreign) {

        public Node {
            foreign = List.copyOf(foreign);
        }

        /** Where a sandbox of the node is; of one that shares another's namespace, where that would be. */
        Path namespaceOf(StoreContent.Sandbox sandbox) {
            return sandbox.netnsPath().isEmpty()
                    ? runDirectory.resolve("netns").resolve(sandbox.id())
                    : Path.of(sandbox.netnsPath());
        }
    }

    /** @param bootstrapServers {@code host:port} */
    public record Broker(Path namespace, String bootstrapServers) {}
}
