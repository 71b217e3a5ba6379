/** Calls from replica to replica over gRPC. */
@NullMarked
package dev.weft.controlplane.cluster.grpc;

import org.jspecify.annotations.NullMarked;
