package dev.weft.controlplane.store;

import com.google.protobuf.ByteString;

/**
 * A key with its value.
 *
 * @param createRevision revision at which the key came into being (last time)
 * @param modRevision revision of its last write; what a {@link Compare.ModifiedAt} compares with
 */
public record Entry(String key, ByteString value, long createRevision, long modRevision) {}
