package dev.weft.controlplane.events;

import com.google.common.hash.Hashing;
import com.google.protobuf.CodedOutputStream;
import dev.weft.api.v1.Change;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The state of an entity that an event shows, in 64 bits: its revision and content, but not how it came to be known.
 * 100 000 entities can be compared without keeping them.
 */
public record Fingerprint(long bits) {

    public static Fingerprint of(Change change) {
        Change state = change.toBuilder().clearType().build();
        byte[] bytes = new byte[state.getSerializedSize()];
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        // Maps in key order: equal states have equal bytes.
        output.useDeterministicSerialization();
        try {
            state.writeTo(output);
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new Fingerprint(Hashing.farmHashFingerprint64().hashBytes(bytes).asLong());
    }
}
