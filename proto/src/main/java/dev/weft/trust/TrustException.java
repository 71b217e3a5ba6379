package dev.weft.trust;

/** A certificate, a key or a token cannot be used; the message says which, why, and what to do. */
public final class TrustException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TrustException(String message) {
        super(message);
    }

    public TrustException(String message, Throwable cause) {
        super(message, cause);
    }
}
