package dev.weft.cli.output;

import com.google.protobuf.Duration;
import dev.weft.cli.CliException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as Go writes them, and days: 90s, 1h30m, 7d. */
public final class Durations {

    private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}[smhd])+");
    private static final Pattern PART = Pattern.compile("(\\d+)([smhd])");

    private Durations() {}

    public static boolean isDuration(String text) {
        return WHOLE.matcher(text).matches();
    }

    /**
     * @param option for the message
     * @throws CliException if the text has another form
     */
    public static Duration parse(String option, String text) {
        if (!isDuration(text)) {
            throw CliException.usage(
                    "invalid value \"" + text + "\" for " + option + ": give a time such as 90s, 1h30m or 7d");
        }
        long seconds = 0;
        Matcher matcher = PART.matcher(text);
        while (matcher.find()) {
            long unit = switch (matcher.group(2)) {
                case "s" -> 1;
                case "m" -> 60;
                case "h" -> 3600;
                default -> 86_400;
            };
            seconds += Long.parseLong(matcher.group(1)) * unit;
        }
        return Duration.newBuilder().setSeconds(seconds).build();
    }

    /** As Go prints it, to the second: 24h0m0s. */
    public static String text(Duration duration) {
        long seconds = duration.getSeconds();
        return seconds / 3600 + "h" + seconds / 60 % 60 + "m" + seconds % 60 + "s";
    }
}
