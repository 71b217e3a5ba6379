/** The process's options: command line over configuration file over defaults, checked once at the start. */
@NullMarked
package dev.weft.controlplane.config;

import org.jspecify.annotations.NullMarked;
