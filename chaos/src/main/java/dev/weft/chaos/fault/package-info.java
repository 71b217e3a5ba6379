/** Faults, done to a lab and undone. */
@NullMarked
package dev.weft.chaos.fault;

import org.jspecify.annotations.NullMarked;
