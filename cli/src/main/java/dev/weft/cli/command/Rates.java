package dev.weft.cli.command;

import dev.weft.cli.CliException;
import dev.weft.net.BitRate;

/** Rates on the command line: {@code 100mbit}, or {@code none}. */
final class Rates {

    private static final String NONE = "none";

    private Rates() {}

    /**
     * Bits per second; 0 for none. Whether it is in range the server says.
     *
     * @param what the option or field, for messages
     */
    static long bits(String what, String text) {
        if (text.equals(NONE)) {
            return 0;
        }
        long bits;
        try {
            bits = BitRate.parseBits(text);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(what + ": " + e.getMessage() + ", or none");
        }
        if (bits == 0) {
            throw CliException.usage(
                    what + ": invalid rate \"" + text + "\": nothing could pass; give none for no limit");
        }
        return bits;
    }
}
