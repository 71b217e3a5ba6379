@NullMarked
package dev.weft.node.api;

import org.jspecify.annotations.NullMarked;
