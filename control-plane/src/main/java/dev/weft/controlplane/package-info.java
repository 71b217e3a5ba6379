/** The control plane. Start reading at {@code ControlPlane}, its composition root. */
@NullMarked
package dev.weft.controlplane;

import org.jspecify.annotations.NullMarked;
