@NullMarked
package dev.weft.node.audit;

import org.jspecify.annotations.NullMarked;
