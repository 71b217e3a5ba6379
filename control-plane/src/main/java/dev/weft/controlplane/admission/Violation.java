package dev.weft.controlplane.admission;

/**
 * One thing that is wrong with one field of a request.
 *
 * @param field path in the request's proto message, such as {@code subnets[0].gateway} or
 *     {@code options[com.docker.network.driver.mtu]}
 * @param message what is wrong and what it should be; Docker's words where clients know them
 */
public record Violation(String field, Reason reason, String message) {

    /** What kind of wrong it is. */
    public enum Reason {
        /** A field that is needed is empty. */
        REQUIRED,
        /** The text is not of the field's form. */
        MALFORMED,
        /** Well-formed, but outside what the field or the enclosing subnet allows. */
        OUT_OF_RANGE,
        TOO_LONG,
        TOO_MANY,
        /** A name, block or address with a meaning of its own. */
        RESERVED,
        UNKNOWN_DRIVER,
        UNKNOWN_OPTION,
        /** Known and well-formed, but left out: the message says why. */
        UNSUPPORTED,
        /** Contradicts another field of the same request. */
        CONFLICT,
        NAME_IN_USE,
        NAMESPACE_IN_USE,
        BRIDGE_NAME_IN_USE,
        /** One of the networks that exist from the start. */
        PREDEFINED_NETWORK,
        NODE_REQUIRED,
        NODE_NOT_FOUND,
        /** The node takes no new sandboxes. */
        NODE_DRAINED,
        NODE_CONNECTED,
        NODE_IN_USE,
        NETWORK_NOT_FOUND,
        SANDBOX_NOT_FOUND,
        AMBIGUOUS_REFERENCE,
        /** The sandbox is on that network already. */
        ALREADY_CONNECTED,
        NOT_CONNECTED,
        /** The network's kind or node does not fit the sandbox, whatever the moment. */
        INCOMPATIBLE_NETWORK,
        NETWORK_IN_USE,
        ADDRESS_IN_USE,
        ADDRESSES_EXHAUSTED,
        SUBNET_OVERLAP,
        POOL_EXHAUSTED,
        VNI_IN_USE
    }
}
