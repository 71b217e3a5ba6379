/**
 * The C libraries that the daemon calls, in the project's own words: one interface and one implementation per library.
 * No other package imports {@code java.lang.foreign}, and no memory segment leaves this one.
 *
 * <p>Callers run on platform threads: a virtual thread would pin its carrier, and one that changes namespace would move
 * its carrier with it.
 */
@NullMarked
package dev.weft.node.nativelib;

import org.jspecify.annotations.NullMarked;
