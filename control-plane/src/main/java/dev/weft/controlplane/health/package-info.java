/** Whether this replica can do its work: what load balancers and operators ask before they send it any. */
@NullMarked
package dev.weft.controlplane.health;

import org.jspecify.annotations.NullMarked;
