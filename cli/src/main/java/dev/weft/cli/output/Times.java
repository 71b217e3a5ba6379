package dev.weft.cli.output;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;

/** Times as Docker prints them. */
public final class Times {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private Times() {}

    public static Instant instant(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    /** RFC 3339 with as many digits of the second as are not zero, in UTC: 2026-11-21T06:32:49.306228137Z. */
    public static String rfc3339(Timestamp timestamp) {
        String text = instant(timestamp).toString();
        int dot = text.indexOf('.');
        if (dot < 0) {
            return text;
        }
        int end = text.length() - 1;
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, end) + 'Z';
    }

    /** How long ago in one unit: 5 seconds ago, About a minute ago, 3 hours ago. */
    public static String ago(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        if (age.compareTo(Duration.ofSeconds(1)) < 0) {
            return "Less than a second ago";
        }
        if (age.compareTo(MINUTE) < 0) {
            return counted(age.toSeconds(), "second");
        }
        if (age.compareTo(MINUTE.multipliedBy(2)) < 0) {
            return "About a minute ago";
        }
        if (age.compareTo(HOUR) < 0) {
            return counted(age.toMinutes(), "minute");
        }
        if (age.compareTo(HOUR.multipliedBy(2)) < 0) {
            return "About an hour ago";
        }
        return age.compareTo(DAY.multipliedBy(2)) < 0 ? counted(age.toHours(), "hour") : counted(age.toDays(), "day");
    }

    private static String counted(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s") + " ago";
    }
}
