/** Tests: what the model derives. */
@NullMarked
package dev.weft.controlplane.model;

import org.jspecify.annotations.NullMarked;
