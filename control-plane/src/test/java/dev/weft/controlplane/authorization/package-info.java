@NullMarked
package dev.weft.controlplane.authorization;

import org.jspecify.annotations.NullMarked;
