package dev.weft.cli;

/** Exit codes of the weft command; run and exec otherwise end with the code of the command that they ran. */
public enum ExitCode {
    OK(0),
    FAILURE(1),
    USAGE(2),
    /** run and exec: Weft itself failed, not the command. */
    RUN_FAILED(125),
    /** run and exec: the command exists and cannot be executed. */
    NOT_EXECUTABLE(126),
    /** run and exec: there is no such command. */
    NOT_FOUND(127),
    /** Ended by Ctrl-C: 128 + SIGINT. */
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
