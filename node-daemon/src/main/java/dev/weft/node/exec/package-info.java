/** Runs commands in sandboxes for callers of the control plane's exec service. */
@NullMarked
package dev.weft.node.exec;

import org.jspecify.annotations.NullMarked;
