package dev.weft.sync;

import com.google.common.hash.Hashing;
import com.google.protobuf.CodedOutputStream;
import dev.weft.node.v1.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Digests of a node's rows, by which the control plane and the daemon find out that what they hold differs.
 *
 * <p>A row's digest is the FarmHash fingerprint (64 bits) of its message, key, revision and content, in protobuf's
 * deterministic form. A network's is the sum of its rows' digests modulo 2<sup>64</sup>: it does not depend on the order
 * in which they came, and it is 0 for a network without rows. It guards against defects, not against forgery. Both ends
 * use this class, so the form only has to be stable within one version of it: should two versions disagree, networks are
 * sent again in vain, with nothing lost.
 */
public final class RowDigest {

    /** Stands for the rows that belong to no network: sandboxes. */
    public static final String NO_NETWORK = "";

    private RowDigest() {}

    public static long of(Row row) {
        byte[] bytes = new byte[row.getSerializedSize()];
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        output.useDeterministicSerialization();
        try {
            row.writeTo(output);
        } catch (IOException e) {
            throw new UncheckedIOException("an array of the message's own size is always large enough", e);
        }
        return Hashing.farmHashFingerprint64().hashBytes(bytes).asLong();
    }

    /** The digest of each network that has rows, by network id; {@link #NO_NETWORK} for the others. */
    public static SortedMap<String, Long> byNetwork(Iterable<Row> rows) {
        SortedMap<String, Long> digests = new TreeMap<>();
        for (Row row : rows) {
            digests.merge(networkOf(row), of(row), Long::sum);
        }
        return digests;
    }

    /** The id of the network that the row belongs to, or {@link #NO_NETWORK}. */
    public static String networkOf(Row row) {
        return switch (row.getRowCase()) {
            case NETWORK -> row.getKey().getId();
            case VTEP -> row.getVtep().getNetworkId();
            case PEER -> row.getPeer().getNetworkId();
            case ENDPOINT -> row.getEndpoint().getNetworkId();
            case SANDBOX, ROW_NOT_SET -> NO_NETWORK;
        };
    }
}
