package dev.weft.controlplane.model;

/**
 * A stored value and the revision of its last write.
 *
 * @param modRevision what a compare-and-set compares with
 */
public record Versioned<T>(T value, long modRevision) {}
