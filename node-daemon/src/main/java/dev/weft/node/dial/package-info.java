/** How the control plane is dialled: which of its replicas, and how each side knows the other. */
@NullMarked
package dev.weft.node.dial;

import org.jspecify.annotations.NullMarked;
