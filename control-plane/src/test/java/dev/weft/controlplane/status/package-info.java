@NullMarked
package dev.weft.controlplane.status;

import org.jspecify.annotations.NullMarked;
