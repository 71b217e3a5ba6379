/**
 * Netlink messages to and from bytes; no I/O. Decoding is bounded: whatever the bytes, it ends with a value or a
 * {@link dev.weft.node.dataplane.rtnetlink.codec.MalformedMessageException}.
 */
@NullMarked
package dev.weft.node.dataplane.rtnetlink.codec;

import org.jspecify.annotations.NullMarked;
