package dev.weft.ops;

import java.util.Locale;
import java.util.Optional;

/** The form of a daemon's log on standard error; one line an event in both. */
public enum LogFormat {
    TEXT,
    /** An object a line, as Logback's JsonEncoder writes it. */
    JSON;

    /** What {@code logback.xml} picks its appender by. */
    private static final String PROPERTY = "WEFT_LOG_FORMAT";

    /** Key of the id of the request that a line is about. */
    public static final String REQUEST = "request";

    /** Key of the store revision that a line is about. */
    public static final String REVISION = "revision";

    /** @throws IllegalArgumentException for any other word */
    public static LogFormat parse(String text) {
        return switch (text) {
            case "text" -> TEXT;
            case "json" -> JSON;
            default -> throw new IllegalArgumentException("invalid format '" + text + "': it should be text or json");
        };
    }

    /**
     * What the environment says; text if it says nothing.
     *
     * @throws IllegalArgumentException if it says anything else
     */
    public static LogFormat ofEnvironment() {
        return Optional.ofNullable(System.getenv(PROPERTY))
                .map(LogFormat::parse)
                .orElse(TEXT);
    }

    /** Takes effect if nothing was logged before. */
    public void choose() {
        System.setProperty(PROPERTY, name().toLowerCase(Locale.ROOT));
    }
}
