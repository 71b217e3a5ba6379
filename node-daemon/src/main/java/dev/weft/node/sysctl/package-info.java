/** Kernel parameters of network namespaces. */
@NullMarked
package dev.weft.node.sysctl;

import org.jspecify.annotations.NullMarked;
