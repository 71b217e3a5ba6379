/** Makes the kernel what the desired state says: rows to kernel objects, the plan (both pure), and the loop. */
@NullMarked
package dev.weft.node.reconcile;

import org.jspecify.annotations.NullMarked;
