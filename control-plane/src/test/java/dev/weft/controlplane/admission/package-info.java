/** Tests: Admission rules. */
@NullMarked
package dev.weft.controlplane.admission;

import org.jspecify.annotations.NullMarked;
