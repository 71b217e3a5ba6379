/** A file that says who was refused, and who did what only few may. */
@NullMarked
package dev.weft.controlplane.auditlog;

import org.jspecify.annotations.NullMarked;
