/** The node daemon. Start reading at {@code NodeDaemon}, its composition root. */
@NullMarked
package dev.weft.node;

import org.jspecify.annotations.NullMarked;
