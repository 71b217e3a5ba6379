package dev.weft.loadtests.measure;

/** This machine cannot have the contender: the message says what is missing and how to get it. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnavailableException(String message) {
        super(message);
    }
}
