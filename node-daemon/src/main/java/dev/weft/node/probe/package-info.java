/** What the kernel of this node can do. */
@NullMarked
package dev.weft.node.probe;

import org.jspecify.annotations.NullMarked;
