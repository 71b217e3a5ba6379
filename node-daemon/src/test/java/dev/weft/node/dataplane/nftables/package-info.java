@NullMarked
package dev.weft.node.dataplane.nftables;

import org.jspecify.annotations.NullMarked;
