/** The daemon's configuration, read once at the start. */
@NullMarked
package dev.weft.node.config;

import org.jspecify.annotations.NullMarked;
