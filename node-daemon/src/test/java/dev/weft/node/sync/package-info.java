@NullMarked
package dev.weft.node.sync;

import org.jspecify.annotations.NullMarked;
