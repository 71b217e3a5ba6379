@NullMarked
package dev.weft.node.probe;

import org.jspecify.annotations.NullMarked;
