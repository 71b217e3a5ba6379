@NullMarked
package dev.weft.node.sandbox;

import org.jspecify.annotations.NullMarked;
