/** The firewall through libnftables, in process. */
@NullMarked
package dev.weft.node.dataplane.nftables;

import org.jspecify.annotations.NullMarked;
