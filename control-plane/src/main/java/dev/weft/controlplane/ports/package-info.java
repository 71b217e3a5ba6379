/** Which host ports a sandbox gets: the form of a wish, and the choice among what is free. Functions of values. */
@NullMarked
package dev.weft.controlplane.ports;

import org.jspecify.annotations.NullMarked;
