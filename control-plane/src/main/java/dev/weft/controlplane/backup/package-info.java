/** Backup and restore: all that a store keeps, as of one revision, in a file that shows any damage. */
@NullMarked
package dev.weft.controlplane.backup;

import org.jspecify.annotations.NullMarked;
