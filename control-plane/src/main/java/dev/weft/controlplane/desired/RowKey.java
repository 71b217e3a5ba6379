package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import java.util.Comparator;

/**
 * Names a row for its whole life; the same row on every node that has it.
 *
 * @param id of the network, sandbox or endpoint (the remote one's for a peer); {@code network/node} for a VTEP
 */
public record RowKey(Kind kind, String id) implements Comparable<RowKey> {

    private static final Comparator<RowKey> ORDER =
            Comparator.comparing(RowKey::kind).thenComparing(RowKey::id);

    /** In the order in which a node can make use of them: what is referred to comes first. */
    public enum Kind {
        NETWORK,
        VTEP,
        PEER,
        SANDBOX,
        ENDPOINT
    }

    public static RowKey network(NetworkId id) {
        return new RowKey(Kind.NETWORK, id.value());
    }

    public static RowKey vtep(NetworkId network, NodeName node) {
        return new RowKey(Kind.VTEP, network + "/" + node);
    }

    public static RowKey peer(EndpointId id) {
        return new RowKey(Kind.PEER, id.value());
    }

    public static RowKey sandbox(SandboxId id) {
        return new RowKey(Kind.SANDBOX, id.value());
    }

    public static RowKey endpoint(EndpointId id) {
        return new RowKey(Kind.ENDPOINT, id.value());
    }

    @Override
    public int compareTo(RowKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return kind + " " + id;
    }
}
