/** Tests: Choices of subnets and addresses. */
@NullMarked
package dev.weft.controlplane.ipam;

import org.jspecify.annotations.NullMarked;
