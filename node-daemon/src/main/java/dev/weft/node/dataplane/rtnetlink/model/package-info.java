/**
 * What rtnetlink speaks of, as values: {@code …Spec} is what a caller wants, the plain noun is what the kernel reported,
 * {@link dev.weft.node.dataplane.rtnetlink.model.Request} is a verb with its object.
 */
@NullMarked
package dev.weft.node.dataplane.rtnetlink.model;

import org.jspecify.annotations.NullMarked;
