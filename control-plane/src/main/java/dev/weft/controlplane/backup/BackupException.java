package dev.weft.controlplane.backup;

/** A backup or a restore cannot be done. The message is one line: what was attempted, on what, why and what to do. */
public final class BackupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BackupException(String message) {
        super(message);
    }

    public BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
