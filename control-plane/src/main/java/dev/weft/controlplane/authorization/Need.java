package dev.weft.controlplane.authorization;

/** What a call asks of its caller. */
enum Need {
    /** Nothing at all: how a node without a certificate gets one. */
    NOTHING,
    /** To be known. */
    AN_IDENTITY,
    /** The role of a viewer or more. */
    TO_READ,
    /** The role of an operator or more. */
    TO_OPERATE,
    /** The role of an administrator. */
    TO_ADMINISTER,
    /** To be a node. */
    TO_BE_A_NODE
}
