package dev.weft.node.nativelib;

/** A shared library is not installed or cannot be used; the message says what to do. */
public final class NativeLibraryMissingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NativeLibraryMissingException(String message, Throwable cause) {
        super(message, cause);
    }
}
