@NullMarked
package dev.weft.controlplane.events.kafka;

import org.jspecify.annotations.NullMarked;
