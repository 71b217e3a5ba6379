/** What the control plane reasons about: immutable values without I/O. The codec to protobuf is in {@code codec}. */
@NullMarked
package dev.weft.controlplane.model;

import org.jspecify.annotations.NullMarked;
