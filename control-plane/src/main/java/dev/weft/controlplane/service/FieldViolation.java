package dev.weft.controlplane.service;

/**
 * One thing wrong with one field of a request.
 *
 * @param field path as in the request's proto: {@code subnets[0].cidr}
 * @param reason what kind of wrong it is, for programs
 * @param description what is wrong, and what it should be
 */
public record FieldViolation(String field, String reason, String description) {}
