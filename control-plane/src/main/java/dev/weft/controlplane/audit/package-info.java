/** Audits of published ports: asks nodes to dial back, and joins what they tell into one answer. */
@NullMarked
package dev.weft.controlplane.audit;

import org.jspecify.annotations.NullMarked;
