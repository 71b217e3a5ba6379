/** Network namespaces: opening, entering, creating and removing them. */
@NullMarked
package dev.weft.node.netns;

import org.jspecify.annotations.NullMarked;
