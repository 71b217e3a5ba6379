/** What servers and clients of the contract share beside the messages. */
@NullMarked
package dev.weft.rpc;

import org.jspecify.annotations.NullMarked;
