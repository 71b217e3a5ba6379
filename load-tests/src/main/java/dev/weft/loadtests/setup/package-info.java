/** Gets the peers onto the machine, without starting anything in its root network namespace. */
@NullMarked
package dev.weft.loadtests.setup;

import org.jspecify.annotations.NullMarked;
