@NullMarked
package dev.weft.controlplane.health;

import org.jspecify.annotations.NullMarked;
