/** A kernel in memory, for tests and for load tests with thousands of nodes. */
@NullMarked
package dev.weft.node.dataplane.memory;

import org.jspecify.annotations.NullMarked;
