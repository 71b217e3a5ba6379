/** Metrics for Prometheus, on Micrometer. What is measured comes through the ports of the packages that do the work. */
@NullMarked
package dev.weft.controlplane.metrics;

import org.jspecify.annotations.NullMarked;
