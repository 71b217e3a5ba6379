package dev.weft.cli.output;

/** A --format template that cannot be read or does not fit what it is applied to. The message says where. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message);
    }
}
