package dev.weft.node.kernel;

/** A namespace could not be read, or not be opened; the message says which, and why. */
public final class KernelException extends RuntimeException {

    public KernelException(String message, Throwable cause) {
        super(message, cause);
    }
}
