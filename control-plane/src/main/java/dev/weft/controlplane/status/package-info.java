/** What nodes last reported. Kept in memory and rebuilt from reports: losing it loses nothing. */
@NullMarked
package dev.weft.controlplane.status;

import org.jspecify.annotations.NullMarked;
