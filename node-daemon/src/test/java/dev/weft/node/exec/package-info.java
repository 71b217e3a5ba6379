@NullMarked
package dev.weft.node.exec;

import org.jspecify.annotations.NullMarked;
