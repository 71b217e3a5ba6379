/** Docker's list and prune filters: parsed once, then pure predicates. */
@NullMarked
package dev.weft.controlplane.filter;

import org.jspecify.annotations.NullMarked;
