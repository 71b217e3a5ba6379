/** The control plane's replica of the store: decoded, indexed, fed by one watch. */
@NullMarked
package dev.weft.controlplane.state;

import org.jspecify.annotations.NullMarked;
