/** The cluster that a run is about, with what a lab has not: clocks that can be moved, a disk that can be filled. */
@NullMarked
package dev.weft.chaos.cluster;

import org.jspecify.annotations.NullMarked;
