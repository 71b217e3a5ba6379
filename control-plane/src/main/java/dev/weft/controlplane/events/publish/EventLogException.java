package dev.weft.controlplane.events.publish;

/** The event log could not do what was asked; it may later. The message is one line: what was attempted, and why it failed. */
public final class EventLogException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EventLogException(String message) {
        super(message);
    }

    public EventLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
