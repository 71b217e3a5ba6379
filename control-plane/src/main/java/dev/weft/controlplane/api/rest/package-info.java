/** The HTTP edge, on Vert.x: events as server-sent events. */
@NullMarked
package dev.weft.controlplane.api.rest;

import org.jspecify.annotations.NullMarked;
