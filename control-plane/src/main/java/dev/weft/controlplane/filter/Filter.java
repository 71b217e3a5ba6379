package dev.weft.controlplane.filter;

/** A filter as the user gave it. */
public record Filter(String key, String value) {}
