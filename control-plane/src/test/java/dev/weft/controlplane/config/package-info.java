/** Tests of the options. */
@NullMarked
package dev.weft.controlplane.config;

import org.jspecify.annotations.NullMarked;
