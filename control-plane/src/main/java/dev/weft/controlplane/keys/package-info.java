/** The store's key layout: one place that writes keys and reads them back. */
@NullMarked
package dev.weft.controlplane.keys;

import org.jspecify.annotations.NullMarked;
