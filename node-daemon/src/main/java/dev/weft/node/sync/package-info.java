/** The node's half of the stream to the control plane: what comes in, and what is kept of it. */
@NullMarked
package dev.weft.node.sync;

import org.jspecify.annotations.NullMarked;
