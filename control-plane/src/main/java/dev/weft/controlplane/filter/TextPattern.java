package dev.weft.controlplane.filter;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * How Docker matches names and ids: the text itself, or a regular expression found anywhere in it. The expressions are
 * RE2's, as Docker's, and take linear time. One that does not compile matches only itself.
 */
final class TextPattern {

    /** RE2 writes repetitions out; a short text could ask for millions. */
    private static final int MAX_REPETITION = 1000;

    private static final Pattern COUNTED = Pattern.compile("\\{(\\d+)(,(\\d*))?\\}");

    private final String text;
    private final Optional<Pattern> pattern;

    private TextPattern(String text, Optional<Pattern> pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    static TextPattern of(String text) {
        return new TextPattern(text, compile(text));
    }

    boolean matches(String candidate) {
        return candidate.equals(text)
                || pattern.filter(p -> p.matcher(candidate).find()).isPresent();
    }

    private static Optional<Pattern> compile(String text) {
        if (repetitions(text) > MAX_REPETITION) {
            return Optional.empty();
        }
        try {
            return Optional.of(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    /** An upper bound of how often counted repetitions, nested, write something out. */
    private static long repetitions(String text) {
        long product = 1;
        Matcher matcher = COUNTED.matcher(text);
        while (matcher.find() && product <= MAX_REPETITION) {
            String most = matcher.group(3);
            product *= Math.max(1, count(matcher.group(1)));
            product *= most == null || most.isEmpty() ? 1 : Math.max(1, count(most));
        }
        return product;
    }

    private static long count(String digits) {
        return digits.length() > 6 ? Integer.MAX_VALUE : Long.parseLong(digits);
    }
}
