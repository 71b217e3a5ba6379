/** Sandboxes on this node: their namespaces, the files that their processes see, and the processes themselves. */
@NullMarked
package dev.weft.node.sandbox;

import org.jspecify.annotations.NullMarked;
