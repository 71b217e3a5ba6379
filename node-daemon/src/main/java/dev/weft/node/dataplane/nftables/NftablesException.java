package dev.weft.node.dataplane.nftables;

/** A transaction was refused as a whole; the message has the complaint of the library and the kernel. */
public final class NftablesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Longer commands are left to {@link #commands}. */
    private static final int SHOWN_COMMANDS = 1000;

    private final String commands;
    private final String errors;

    NftablesException(String operation, String commands, String errors) {
        super(operation + ": " + errors + shown(commands));
        this.commands = commands;
        this.errors = errors;
    }

    /** The library puts its caret under the first line, whichever line is wrong: the reader needs the lines. */
    private static String shown(String commands) {
        return commands.length() > SHOWN_COMMANDS ? "" : "\nin: " + commands.strip();
    }

    /** What was to be applied. */
    public String commands() {
        return commands;
    }

    /** What libnftables wrote: the place in the commands, and the kernel's reason. */
    public String errors() {
        return errors;
    }

    /** Whether the kernel said that something named in the commands does not exist (ENOENT). */
    public boolean isAboutSomethingAbsent() {
        return errors.contains("No such file or directory");
    }
}
