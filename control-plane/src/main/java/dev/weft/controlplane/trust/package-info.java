/** The cluster's certificates: who gets one, by what, and which do not count any more. */
@NullMarked
package dev.weft.controlplane.trust;

import org.jspecify.annotations.NullMarked;
