/** Network value types that the contract speaks in: immutable, validated on construction, free of I/O. */
@NullMarked
package dev.weft.net;

import org.jspecify.annotations.NullMarked;
