package dev.weft.controlplane.model;

import java.time.Instant;

/**
 * An address that was released and is not handed out again before its rest is over, unless nothing else is left.
 *
 * @param lastHolder whose release this was
 */
public record RestingAddress(EndpointId lastHolder, Instant releaseTime) {}
