/**
 * The name servers inside sandboxes: sockets, messages, and the way to upstream servers. Which name is whose is decided in
 * {@code names}.
 */
@NullMarked
package dev.weft.node.dns;

import org.jspecify.annotations.NullMarked;
