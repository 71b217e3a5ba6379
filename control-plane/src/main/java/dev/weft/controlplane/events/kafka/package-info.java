/** The event log in Kafka: CloudEvents in two topics, written in transactions that carry the publisher's progress. */
@NullMarked
package dev.weft.controlplane.events.kafka;

import org.jspecify.annotations.NullMarked;
