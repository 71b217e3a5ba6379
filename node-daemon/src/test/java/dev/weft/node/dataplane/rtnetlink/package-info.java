@NullMarked
package dev.weft.node.dataplane.rtnetlink;

import org.jspecify.annotations.NullMarked;
