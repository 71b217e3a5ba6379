@NullMarked
package dev.weft.controlplane.leadership;

import org.jspecify.annotations.NullMarked;
