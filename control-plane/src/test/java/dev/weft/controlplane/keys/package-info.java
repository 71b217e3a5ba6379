/** Tests: Store keys. */
@NullMarked
package dev.weft.controlplane.keys;

import org.jspecify.annotations.NullMarked;
