@NullMarked
package dev.weft.node.dataplane.rtnetlink.codec;

import org.jspecify.annotations.NullMarked;
