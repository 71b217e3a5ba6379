/** The node's own socket: the control plane's API, with the node's name added to each call. */
@NullMarked
package dev.weft.node.api;

import org.jspecify.annotations.NullMarked;
