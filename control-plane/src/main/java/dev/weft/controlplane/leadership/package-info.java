/**
 * Which of the control plane's replicas leads: it alone does what must be done once. A lost leader cannot write, whatever
 * it believes.
 */
@NullMarked
package dev.weft.controlplane.leadership;

import org.jspecify.annotations.NullMarked;
