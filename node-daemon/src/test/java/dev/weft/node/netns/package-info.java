@NullMarked
package dev.weft.node.netns;

import org.jspecify.annotations.NullMarked;
