/** From the store to a log: by the one leader, each revision once, and without anything else waiting for it. */
@NullMarked
package dev.weft.controlplane.events.publish;

import org.jspecify.annotations.NullMarked;
