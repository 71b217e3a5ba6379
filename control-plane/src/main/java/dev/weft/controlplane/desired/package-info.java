/**
 * What each node should have, computed from the replica. Pure: functions of values, no I/O, clock or threads.
 *
 * <p>{@link dev.weft.controlplane.desired.DesiredState} is the definition; {@link
 * dev.weft.controlplane.desired.DesiredStateGraph} gives the same, kept up to date change by change.
 */
@NullMarked
package dev.weft.controlplane.desired;

import org.jspecify.annotations.NullMarked;
