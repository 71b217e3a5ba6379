package dev.weft.controlplane.store;

import com.google.protobuf.ByteString;

/** A change that a transaction makes. A transaction writes each key at most once. */
public sealed interface Write {

    String key();

    /** Sets the key; it is tied to no time to live. */
    record Put(String key, ByteString value) implements Write {}

    /** Sets the key until the time to live ends. */
    record PutWithTimeToLive(String key, ByteString value, TimeToLive timeToLive) implements Write {}

    /** Removes the key; no error if it does not exist. */
    record Delete(String key) implements Write {}
}
