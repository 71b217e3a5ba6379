package dev.weft.controlplane.backup;

import java.time.Instant;

/**
 * What a backup says of itself.
 *
 * @param storeKind sqlite or etcd
 * @param revision of the store, at which every key is shown
 * @param keys how many there are
 */
public record BackupHeader(String storeKind, long revision, long keys, Instant createTime) {}
