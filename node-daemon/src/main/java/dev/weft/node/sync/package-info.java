/**
 * The node's side of the stream: keeps the desired state, in memory and on disk, and tells of changes. Nothing here
 * touches the kernel.
 */
@NullMarked
package dev.weft.node.sync;

import org.jspecify.annotations.NullMarked;
