@NullMarked
package dev.weft.controlplane.events;

import org.jspecify.annotations.NullMarked;
