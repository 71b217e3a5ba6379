/** Whether this node is as the control plane wants it, as far as the daemon knows. */
@NullMarked
package dev.weft.node.health;

import org.jspecify.annotations.NullMarked;
