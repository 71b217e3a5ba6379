@NullMarked
package dev.weft.node.nativelib;

import org.jspecify.annotations.NullMarked;
