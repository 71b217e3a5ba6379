@NullMarked
package dev.weft.node.reconcile;

import org.jspecify.annotations.NullMarked;
