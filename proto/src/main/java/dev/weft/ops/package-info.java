/** What operators see of both daemons in the same form. */
@NullMarked
package dev.weft.ops;

import org.jspecify.annotations.NullMarked;
