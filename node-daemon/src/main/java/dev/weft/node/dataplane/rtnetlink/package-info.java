/**
 * rtnetlink(7): links, addresses, routes, neighbors and FDB entries, with iproute2's nouns and verbs. Start at
 * {@link dev.weft.node.dataplane.rtnetlink.Rtnetlink}.
 */
@NullMarked
package dev.weft.node.dataplane.rtnetlink;

import org.jspecify.annotations.NullMarked;
