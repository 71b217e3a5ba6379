/** The replicas' group in Hazelcast's memory, and short questions between them over Vert.x's clustered event bus. */
@NullMarked
package dev.weft.controlplane.cluster.hazelcast;

import org.jspecify.annotations.NullMarked;
