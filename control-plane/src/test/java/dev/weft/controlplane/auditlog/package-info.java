@NullMarked
package dev.weft.controlplane.auditlog;

import org.jspecify.annotations.NullMarked;
