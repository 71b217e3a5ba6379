@NullMarked
package dev.weft.controlplane.api.rest;

import org.jspecify.annotations.NullMarked;
