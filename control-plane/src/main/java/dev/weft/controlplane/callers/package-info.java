/** Who makes the call that the current thread serves. */
@NullMarked
package dev.weft.controlplane.callers;

import org.jspecify.annotations.NullMarked;
