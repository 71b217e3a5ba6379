/** Who may call what: functions of values. */
@NullMarked
package dev.weft.controlplane.authorization;

import org.jspecify.annotations.NullMarked;
