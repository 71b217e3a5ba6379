/**
 * Simulated nodes: the daemon's own sync, reconcile and reports on a kernel in memory, many in one process, over real
 * connections to a real control plane.
 */
@NullMarked
package dev.weft.loadtests.simulation;

import org.jspecify.annotations.NullMarked;
