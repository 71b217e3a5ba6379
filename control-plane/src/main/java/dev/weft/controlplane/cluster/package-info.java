/**
 * The control plane's replicas among themselves: which there are, and what each observes of the nodes whose streams it
 * has.
 */
@NullMarked
package dev.weft.controlplane.cluster;

import org.jspecify.annotations.NullMarked;
