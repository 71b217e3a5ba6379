@NullMarked
package dev.weft.node.names;

import org.jspecify.annotations.NullMarked;
