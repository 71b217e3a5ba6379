@NullMarked
package dev.weft.node.health;

import org.jspecify.annotations.NullMarked;
