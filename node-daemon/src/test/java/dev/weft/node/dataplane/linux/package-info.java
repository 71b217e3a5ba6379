@NullMarked
package dev.weft.node.dataplane.linux;

import org.jspecify.annotations.NullMarked;
