package dev.weft.node.dataplane.rtnetlink.codec;

/** Bytes that are no netlink message of the expected kind. */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super("malformed netlink message: " + message);
    }
}
