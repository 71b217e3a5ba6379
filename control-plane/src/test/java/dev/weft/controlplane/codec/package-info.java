/** Tests: The stored form. */
@NullMarked
package dev.weft.controlplane.codec;

import org.jspecify.annotations.NullMarked;
