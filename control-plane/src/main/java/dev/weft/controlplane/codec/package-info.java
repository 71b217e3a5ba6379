/**
 * Between model values and protobuf: as stored ({@link dev.weft.controlplane.codec.ModelCodec}) and as the API shows
 * them ({@link dev.weft.controlplane.codec.ApiMapping}).
 */
@NullMarked
package dev.weft.controlplane.codec;

import org.jspecify.annotations.NullMarked;
