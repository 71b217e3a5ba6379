@NullMarked
package dev.weft.controlplane.cluster.hazelcast;

import org.jspecify.annotations.NullMarked;
