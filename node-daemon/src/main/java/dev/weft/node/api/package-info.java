/** The node's own socket: a way to the control plane for whoever is on the node. */
@NullMarked
package dev.weft.node.api;

import org.jspecify.annotations.NullMarked;
