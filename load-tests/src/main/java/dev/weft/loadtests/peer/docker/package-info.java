/** Docker Engine, one per host namespace, spoken to over its HTTP API. */
@NullMarked
package dev.weft.loadtests.peer.docker;

import org.jspecify.annotations.NullMarked;
