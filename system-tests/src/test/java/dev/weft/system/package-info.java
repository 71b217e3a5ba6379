/** Several hosts, real processes, real faults. */
@NullMarked
package dev.weft.system;

import org.jspecify.annotations.NullMarked;
