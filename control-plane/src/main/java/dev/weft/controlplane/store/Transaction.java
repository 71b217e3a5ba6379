package dev.weft.controlplane.store;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Conditions, and the writes that happen, all or none, if every condition holds.
 *
 * @throws IllegalArgumentException if two writes have the same key
 */
public record Transaction(List<Compare> compares, List<Write> writes) {

    public Transaction {
        compares = List.copyOf(compares);
        writes = List.copyOf(writes);
        Set<String> written = new HashSet<>();
        for (Write write : writes) {
            if (!written.add(write.key())) {
                throw new IllegalArgumentException("transaction writes key " + write.key() + " twice");
            }
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects conditions and writes in the order in which a use case comes upon them. */
    public static final class Builder {
        private final List<Compare> compares = new ArrayList<>();
        private final List<Write> writes = new ArrayList<>();

        private Builder() {}

        public Builder when(Compare compare) {
            compares.add(compare);
            return this;
        }

        public Builder whenAbsent(String key) {
            return when(new Compare.Absent(key));
        }

        /** The entry is still as it was read. */
        public Builder whenUnchanged(Entry entry) {
            return when(new Compare.ModifiedAt(entry.key(), entry.modRevision()));
        }

        public Builder put(String key, ByteString value) {
            writes.add(new Write.Put(key, value));
            return this;
        }

        public Builder put(String key, ByteString value, TimeToLive timeToLive) {
            writes.add(new Write.PutWithTimeToLive(key, value, timeToLive));
            return this;
        }

        public Builder delete(String key) {
            writes.add(new Write.Delete(key));
            return this;
        }

        public Transaction build() {
            return new Transaction(compares, writes);
        }
    }
}
