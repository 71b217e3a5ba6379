/** Interleaved measurement of contenders that do the same work, and its statistics. Knows nothing of networks. */
@NullMarked
package dev.weft.loadtests.measure;

import org.jspecify.annotations.NullMarked;
