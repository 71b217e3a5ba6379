@NullMarked
package dev.weft.node.dns;

import org.jspecify.annotations.NullMarked;
