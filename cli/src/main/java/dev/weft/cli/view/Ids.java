package dev.weft.cli.view;

/** Ids as tables show them. */
public final class Ids {

    private static final int SHORT_LENGTH = 12;

    private Ids() {}

    public static String shorten(String id, boolean whole) {
        return whole || id.length() <= SHORT_LENGTH ? id : id.substring(0, SHORT_LENGTH);
    }
}
