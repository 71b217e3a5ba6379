package dev.weft.controlplane.codec;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.store.Entry;

/** Writes and reads one kind of stored value. Equal values have equal bytes. */
public interface Codec<T> {

    ByteString encode(T value);

    /**
     * Reads a stored value.
     *
     * @param key where it was found; for the error
     * @throws DamagedValueException unless the bytes are exactly what some value's {@link #encode} writes: too many of
     *     them, malformed protobuf, fields this version does not know, or content that the model refuses
     */
    T decode(String key, ByteString bytes);

    default Versioned<T> decode(Entry entry) {
        return new Versioned<>(decode(entry.key(), entry.value()), entry.modRevision());
    }
}
