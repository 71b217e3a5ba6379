/**
 * Which subnets, network identifiers and addresses are free: pure functions over what is in use. Choosing is a proposal;
 * a store transaction that compares what was read makes it true, so two replicas may propose the same and one wins.
 */
@NullMarked
package dev.weft.controlplane.ipam;

import org.jspecify.annotations.NullMarked;
