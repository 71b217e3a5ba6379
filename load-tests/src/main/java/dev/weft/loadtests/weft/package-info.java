/** Weft itself: real processes in a lab, asked through its API as any client would. */
@NullMarked
package dev.weft.loadtests.weft;

import org.jspecify.annotations.NullMarked;
