/**
 * The public API over gRPC: messages to use cases and back, one error mapping, listeners. No decision is made here.
 */
@NullMarked
package dev.weft.controlplane.api.grpc;

import org.jspecify.annotations.NullMarked;
