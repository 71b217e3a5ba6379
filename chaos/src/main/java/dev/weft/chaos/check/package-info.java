/**
 * Judges a cluster from what the kernel, the store and Kafka say themselves, and shares no code with what it judges: it reads
 * {@code ip -j}, {@code bridge -j}, {@code nft -j}, {@code etcdctl} and Kafka's topics, and has a reader of protobuf's wire format of
 * its own. Start reading at {@link dev.weft.chaos.check.Checker}.
 */
@NullMarked
package dev.weft.chaos.check;

import org.jspecify.annotations.NullMarked;
