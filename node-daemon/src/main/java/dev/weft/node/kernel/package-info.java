/** What the daemon says to a kernel and hears from it: objects, operations and the port between them. Values only. */
@NullMarked
package dev.weft.node.kernel;

import org.jspecify.annotations.NullMarked;
