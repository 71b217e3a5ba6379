/** The rows of this node's desired state, in the words of the domain. Values only. */
@NullMarked
package dev.weft.node.model;

import org.jspecify.annotations.NullMarked;
