@NullMarked
package dev.weft.controlplane.state;

import org.jspecify.annotations.NullMarked;
