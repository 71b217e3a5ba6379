package dev.weft.cli;

/** Ends the command with one line on standard error and an exit code. */
public final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public CliException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public CliException(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public static CliException failure(String message) {
        return new CliException(ExitCode.FAILURE, message);
    }

    public static CliException usage(String message) {
        return new CliException(ExitCode.USAGE, message);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** The message is there for the person at the terminal; where it was thrown is not. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
