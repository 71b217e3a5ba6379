/** What is done when, as a value that follows from a seed. */
@NullMarked
package dev.weft.chaos.plan;

import org.jspecify.annotations.NullMarked;
