/** Chooses a store by configuration: the only package that knows all implementations of the port. */
@NullMarked
package dev.weft.controlplane.store.config;

import org.jspecify.annotations.NullMarked;
