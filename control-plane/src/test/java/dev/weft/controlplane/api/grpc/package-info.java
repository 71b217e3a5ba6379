/** Tests of the API, over real channels. */
@NullMarked
package dev.weft.controlplane.api.grpc;

import org.jspecify.annotations.NullMarked;
