@NullMarked
package dev.weft.node.dial;

import org.jspecify.annotations.NullMarked;
