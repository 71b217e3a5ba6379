/** Tests: List and prune filters. */
@NullMarked
package dev.weft.controlplane.filter;

import org.jspecify.annotations.NullMarked;
