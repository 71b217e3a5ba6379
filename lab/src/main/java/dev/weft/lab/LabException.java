package dev.weft.lab;

import org.jspecify.annotations.Nullable;

/** The lab could not do something; the message says what, and what the command or process answered. */
public final class LabException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LabException(String message) {
        this(message, null);
    }

    public LabException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
