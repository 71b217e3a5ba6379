/**
 * What subscribers are told: changes of the store as events. Functions of values; {@code events.publish} carries events from
 * the store to a log, {@code events.kafka} is the log.
 */
@NullMarked
package dev.weft.controlplane.events;

import org.jspecify.annotations.NullMarked;
