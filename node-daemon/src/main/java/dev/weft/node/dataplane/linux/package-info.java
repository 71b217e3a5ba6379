/** The kernel port on Linux: put together from rtnetlink, nftables, sysctls and the sandboxes' namespaces. */
@NullMarked
package dev.weft.node.dataplane.linux;

import org.jspecify.annotations.NullMarked;
