/**
 * Finds out by trying from where published ports are reached: what each host address promises, probes, and what is made of
 * their outcome.
 */
@NullMarked
package dev.weft.node.audit;

import org.jspecify.annotations.NullMarked;
