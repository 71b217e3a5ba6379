/** What the node tells the control plane about itself. */
@NullMarked
package dev.weft.node.report;

import org.jspecify.annotations.NullMarked;
