/** The node's own certificate: how it gets the first, and the next ones. */
@NullMarked
package dev.weft.node.trust;

import org.jspecify.annotations.NullMarked;
