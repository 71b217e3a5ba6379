@NullMarked
package dev.weft.controlplane.trust;

import org.jspecify.annotations.NullMarked;
