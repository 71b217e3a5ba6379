package dev.weft.controlplane.cluster.hazelcast;

import com.hazelcast.map.EntryProcessor;
import java.io.Serial;
import java.util.Map;

/**
 * Writes an observation of a node unless a newer one is there. It runs where the entry is, so a replica that speaks
 * late does not undo what the node's next one said.
 */
final class PutIfNewer implements EntryProcessor<String, byte[], Boolean> {

    @Serial
    private static final long serialVersionUID = 1L;

    private final long registeredAt;
    private final long version;
    private final byte[] observation;

    PutIfNewer(long registeredAt, long version, byte[] observation) {
        this.registeredAt = registeredAt;
        this.version = version;
        this.observation = observation.clone();
    }

    @Override
    public Boolean process(Map.Entry<String, byte[]> entry) {
        byte[] present = entry.getValue();
        if (present != null) {
            dev.weft.cluster.v1.NodeObservation known = ObservationCodec.parse(present);
            if (known.getRegisteredAt() > registeredAt
                    || (known.getRegisteredAt() == registeredAt && known.getVersion() >= version)) {
                return false;
            }
        }
        entry.setValue(observation);
        return true;
    }
}
