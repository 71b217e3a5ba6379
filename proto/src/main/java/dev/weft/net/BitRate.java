package dev.weft.net;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much may pass in a second.
 *
 * @param bitsPerSecond {@link #MIN} to {@link #MAX}
 */
public record BitRate(long bitsPerSecond) implements Comparable<BitRate> {

    /** Below, a full packet would take more than a second and a half. */
    public static final long MIN = 8_000;

    /** As fast as anything that a veth could be slower than. */
    public static final long MAX = 100_000_000_000L;

    /** As tc(8), "RATES", has them: powers of 1000. */
    private static final Map<String, Long> UNITS =
            Map.of("", 1L, "bit", 1L, "kbit", 1_000L, "mbit", 1_000_000L, "gbit", 1_000_000_000L);

    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)([a-z]*)");

    public BitRate {
        if (bitsPerSecond < MIN || bitsPerSecond > MAX) {
            throw new IllegalArgumentException(
                    "invalid rate " + text(bitsPerSecond) + ": it should be " + text(MIN) + " to " + text(MAX));
        }
    }

    /**
     * Reads a rate as tc(8) writes it: {@code 100mbit}, {@code 1.5gbit}, {@code 64000} (bits). Units are powers of 1000 and
     * may be in any case.
     *
     * @return bits per second, whether that is a rate in range or not
     * @throws IllegalArgumentException if it has another form, or does not come to whole bits
     */
    public static long parseBits(String text) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches() || !UNITS.containsKey(matcher.group(2))) {
            throw new IllegalArgumentException(
                    "invalid rate \"" + text + "\": give a number and bit, kbit, mbit or gbit, such as 100mbit");
        }
        try {
            return new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(UNITS.get(matcher.group(2))))
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("invalid rate \"" + text + "\": it is no number of whole bits", e);
        }
    }

    /** In the largest unit in which it is a whole number. */
    private static String text(long bits) {
        for (String unit : new String[] {"gbit", "mbit", "kbit"}) {
            long size = UNITS.getOrDefault(unit, 1L);
            if (bits != 0 && bits % size == 0) {
                return bits / size + unit;
            }
        }
        return bits + "bit";
    }

    @Override
    public int compareTo(BitRate other) {
        return Long.compare(bitsPerSecond, other.bitsPerSecond);
    }

    /** As tc(8) writes it: {@code 100mbit}. */
    @Override
    public String toString() {
        return text(bitsPerSecond);
    }
}
