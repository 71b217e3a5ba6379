package dev.weft.controlplane.filter;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as Docker's {@code until} takes them: RFC 3339, dates and times without zone (UTC here: the caller's zone is not
 * known), seconds since 1970, or a duration of Go's form back from now.
 */
final class PointInTime {

    private static final Pattern SECONDS = Pattern.compile("\\d{1,11}(\\.\\d{1,9})?");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(\\.\\d{1,9})?(ns|us|µs|ms|s|m|h))+");
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");

    private PointInTime() {}

    static Optional<Instant> parse(String text, Instant now) {
        if (SECONDS.matcher(text).matches()) {
            BigDecimal seconds = new BigDecimal(text);
            return Optional.of(Instant.ofEpochSecond(
                    seconds.longValue(),
                    seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue()));
        }
        if (DURATION.matcher(text).matches()) {
            return attempt(text, duration -> now.minus(duration(duration)));
        }
        return attempt(text, time -> OffsetDateTime.parse(time).toInstant())
                .or(() -> attempt(text, time -> LocalDateTime.parse(time).toInstant(ZoneOffset.UTC)))
                .or(() -> attempt(
                        text,
                        time -> LocalDate.parse(time)
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant()));
    }

    private static Duration duration(String text) {
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher matcher = PART.matcher(text);
        while (matcher.find()) {
            long unit = switch (matcher.group(2)) {
                case "ns" -> 1L;
                case "us", "µs" -> 1_000L;
                case "ms" -> 1_000_000L;
                case "s" -> 1_000_000_000L;
                case "m" -> 60_000_000_000L;
                default -> 3_600_000_000_000L;
            };
            nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)));
        }
        return Duration.ofSeconds(
                nanos.movePointLeft(9).longValue(),
                nanos.remainder(BigDecimal.valueOf(1_000_000_000L)).longValue());
    }

    private static Optional<Instant> attempt(String text, Function<String, Instant> parse) {
        try {
            return Optional.of(parse.apply(text));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
