/** The kernel's own interfaces, one package per technology. */
@NullMarked
package dev.weft.node.dataplane;

import org.jspecify.annotations.NullMarked;
