package dev.weft.controlplane.model;

/** Where a network lives. */
public sealed interface Scope {

    /** On one node. */
    record Local(NodeName node) implements Scope {}

    /** On every node that has an endpoint of it. */
    record Global() implements Scope {}
}
