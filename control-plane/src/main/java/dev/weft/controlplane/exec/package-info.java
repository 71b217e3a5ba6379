/** Joins a client's Exec call with the stream that the node dials back. */
@NullMarked
package dev.weft.controlplane.exec;

import org.jspecify.annotations.NullMarked;
