/**
 * What may be: a request and the facts that it meets go in, an admitted value or every violation comes out. Total
 * functions without I/O; what only a transaction can decide (who gets a free address) is left to it.
 */
@NullMarked
package dev.weft.controlplane.admission;

import org.jspecify.annotations.NullMarked;
