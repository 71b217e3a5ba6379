package dev.weft.node.model;

/**
 * A row that this daemon cannot read: it is reported as failed, and what the kernel holds of it is left as it is.
 *
 * @param problem which field, and what is wrong with it
 */
public record MalformedRow(RowKey key, long revision, String problem) implements Row {}
