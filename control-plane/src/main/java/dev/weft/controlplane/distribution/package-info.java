/**
 * Brings each node's rows to its daemon: a snapshot when its stream opens, then what changes. Start reading at {@link
 * dev.weft.controlplane.distribution.NodeDistribution}.
 */
@NullMarked
package dev.weft.controlplane.distribution;

import org.jspecify.annotations.NullMarked;
