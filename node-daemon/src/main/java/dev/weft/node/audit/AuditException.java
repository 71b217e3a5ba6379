package dev.weft.node.audit;

/** An audit cannot be made, or not go on. The message says why and what to do. */
final class AuditException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AuditException(String message) {
        super(message);
    }

    AuditException(String message, Throwable cause) {
        super(message, cause);
    }
}
