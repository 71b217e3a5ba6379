/** Benchmarks and simulated clusters. */
@NullMarked
package dev.weft.loadtests;

import org.jspecify.annotations.NullMarked;
