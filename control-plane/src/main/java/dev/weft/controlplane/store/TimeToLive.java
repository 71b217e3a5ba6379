package dev.weft.controlplane.store;

import java.time.Duration;

/** Names a time to live in the store (etcd's lease; the word lease means an address here). */
public record TimeToLive(long id, Duration duration) {}
