package dev.weft.controlplane.service;

/**
 * One thing wrong with one field of a request.
 *
 * @param field path as in the request's proto: {@code subnets[0].cidr}
 * @param description what is wrong, and what it should be
 */
public record FieldViolation(String field, String description) {}
