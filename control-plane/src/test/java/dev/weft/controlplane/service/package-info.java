/** Tests of the use cases, on real stores. */
@NullMarked
package dev.weft.controlplane.service;

import org.jspecify.annotations.NullMarked;
