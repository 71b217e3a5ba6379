/** Commands inside sandboxes, and their way to whoever asked for them. */
@NullMarked
package dev.weft.node.exec;

import org.jspecify.annotations.NullMarked;
