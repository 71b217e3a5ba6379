/** Tests of the options. */
@NullMarked
package dev.weft.controlplane.backup;

import org.jspecify.annotations.NullMarked;
