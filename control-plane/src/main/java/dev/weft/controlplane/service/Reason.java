package dev.weft.controlplane.service;

/**
 * Why a request was refused, for programs: the text of a message may change, a reason does not. The names are the
 * {@code reason} of the API's ErrorInfo and are listed in docs/api.md.
 */
public enum Reason {
    /** One or more fields are wrong by themselves; the violations name them all. */
    INVALID_REQUEST(Category.INVALID_ARGUMENT),
    UNKNOWN_DRIVER(Category.INVALID_ARGUMENT),
    /** A name or prefix fits several objects. */
    AMBIGUOUS_REFERENCE(Category.INVALID_ARGUMENT),
    /** A node has to be named: none was, and there are none or several. */
    NODE_REQUIRED(Category.INVALID_ARGUMENT),
    NETWORK_NOT_FOUND(Category.NOT_FOUND),
    SANDBOX_NOT_FOUND(Category.NOT_FOUND),
    ENDPOINT_NOT_FOUND(Category.NOT_FOUND),
    NODE_NOT_FOUND(Category.NOT_FOUND),
    NAME_IN_USE(Category.ALREADY_EXISTS),
    ADDRESS_IN_USE(Category.ALREADY_EXISTS),
    MAC_IN_USE(Category.ALREADY_EXISTS),
    /** Somebody else's namespace is another sandbox already. */
    NAMESPACE_IN_USE(Category.ALREADY_EXISTS),
    /** The host port is published by another sandbox of the node. */
    PORT_IN_USE(Category.ALREADY_EXISTS),
    /** The sandbox does not publish that port. */
    PORT_NOT_FOUND(Category.NOT_FOUND),
    /** The sandbox is on that network already. */
    ALREADY_CONNECTED(Category.ALREADY_EXISTS),
    SUBNET_OVERLAP(Category.FAILED_PRECONDITION),
    VNI_IN_USE(Category.FAILED_PRECONDITION),
    POOL_EXHAUSTED(Category.RESOURCE_EXHAUSTED),
    ADDRESSES_EXHAUSTED(Category.RESOURCE_EXHAUSTED),
    /** A limit of the node's kernel, or of its daemon, leaves no room. */
    NODE_FULL(Category.RESOURCE_EXHAUSTED),
    /** No host port is left in the range. */
    PORTS_EXHAUSTED(Category.RESOURCE_EXHAUSTED),
    /** An object holds as many parts as one transaction can carry. */
    TOO_MANY_PARTS(Category.FAILED_PRECONDITION),
    /** {@code bridge}, {@code host} and {@code none} can be neither made nor deleted. */
    PREDEFINED_NETWORK(Category.FAILED_PRECONDITION),
    NETWORK_IN_USE(Category.FAILED_PRECONDITION),
    /** Other sandboxes share its namespace. */
    SANDBOX_IN_USE(Category.FAILED_PRECONDITION),
    /** The network's kind or node does not fit the sandbox, whatever the moment. */
    INCOMPATIBLE_NETWORK(Category.FAILED_PRECONDITION),
    /** The node's operator does not let sandboxes fall back to the host's network. */
    HOST_FALLBACK_FORBIDDEN(Category.FAILED_PRECONDITION),
    /** The node's operator lets no new sandbox come to it. */
    NODE_DRAINED(Category.FAILED_PRECONDITION),
    /** A node whose daemon is there is not removed unless that is forced. */
    NODE_CONNECTED(Category.FAILED_PRECONDITION),
    /** The node has sandboxes, or networks that users made. */
    NODE_IN_USE(Category.FAILED_PRECONDITION),
    NODE_NOT_CONNECTED(Category.UNAVAILABLE),
    /** The node tried and could not; what was made has been taken back. */
    NODE_APPLY_FAILED(Category.FAILED_PRECONDITION),
    /** The same request id came with another request. */
    REQUEST_ID_REUSED(Category.FAILED_PRECONDITION),
    /** What the first call with this request id made is gone by now. */
    REQUEST_RESULT_GONE(Category.NOT_FOUND),
    /** Others changed the same objects again and again; the request may be repeated as it is. */
    CONTENTION(Category.ABORTED),
    STORE_UNAVAILABLE(Category.UNAVAILABLE),
    STORE_FULL(Category.RESOURCE_EXHAUSTED),
    /** The store's answer was lost and could not be asked for again. */
    OUTCOME_UNKNOWN(Category.UNKNOWN),
    REVISION_COMPACTED(Category.OUT_OF_RANGE),
    /** Who asks is not known: no certificate, or one that does not count. */
    NO_IDENTITY(Category.UNAUTHENTICATED),
    /** Who asks was a node that has been removed from the cluster. */
    NODE_REMOVED(Category.UNAUTHENTICATED),
    /** Who asks is known, and may not. */
    NOT_PERMITTED(Category.PERMISSION_DENIED),
    /** The join token is unknown, used, expired, or another node's. */
    TOKEN_REFUSED(Category.PERMISSION_DENIED),
    TOKEN_NOT_FOUND(Category.NOT_FOUND),
    /** A node has joined with it: there is nothing to withdraw. */
    TOKEN_USED(Category.FAILED_PRECONDITION),
    /** More of these calls than this control plane takes; later. */
    TOO_MANY_CALLS(Category.RESOURCE_EXHAUSTED),
    /** This control plane does not have the key of the cluster's certificate authority. */
    NO_AUTHORITY(Category.FAILED_PRECONDITION),
    CERTIFICATE_NOT_FOUND(Category.NOT_FOUND),
    /** Another node has that tunnel address. */
    VTEP_IN_USE(Category.ALREADY_EXISTS),
    SLOW_CONSUMER(Category.RESOURCE_EXHAUSTED),
    /** This control plane is stopping; another one, or the same one soon, goes on. */
    SHUTTING_DOWN(Category.UNAVAILABLE),
    INTERRUPTED(Category.CANCELLED),
    INTERNAL(Category.INTERNAL);

    /** What a caller can do about it; these are gRPC's canonical codes, without gRPC. */
    public enum Category {
        INVALID_ARGUMENT,
        UNAUTHENTICATED,
        PERMISSION_DENIED,
        NOT_FOUND,
        ALREADY_EXISTS,
        FAILED_PRECONDITION,
        RESOURCE_EXHAUSTED,
        OUT_OF_RANGE,
        ABORTED,
        UNAVAILABLE,
        CANCELLED,
        UNKNOWN,
        INTERNAL
    }

    private final Category category;

    Reason(Category category) {
        this.category = category;
    }

    public Category category() {
        return category;
    }
}
