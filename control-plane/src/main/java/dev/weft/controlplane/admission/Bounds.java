package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** Sizes and characters of what users name and label things with. */
final class Bounds {

    static final int MAX_NAME = 128;
    static final int MAX_ENTRIES = 128;
    static final int MAX_KEY = 256;

    /** Keys and values of one map together: an object stays far below what one store key can hold. */
    static final int MAX_MAP_BYTES = 64 << 10;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
    private static final Pattern FULL_ID = Pattern.compile("[0-9a-f]{64}");

    private Bounds() {}

    /**
     * Checks an object's name.
     *
     * @param kind for the message: "network", "sandbox"
     */
    static void checkName(String field, String kind, String name, Violations violations) {
        if (name.isEmpty()) {
            violations.add(field, Reason.REQUIRED, "invalid name: name is empty");
        } else if (name.length() > MAX_NAME) {
            violations.add(
                    field,
                    Reason.TOO_LONG,
                    "invalid name: a " + kind + " name has at most " + MAX_NAME + " characters, this one "
                            + name.length());
        } else if (!NAME.matcher(name).matches()) {
            violations.add(
                    field,
                    Reason.MALFORMED,
                    "invalid name '" + shown(name)
                            + "': only [a-zA-Z0-9][a-zA-Z0-9_.-]* is allowed (letters, digits, '_', '.', '-', the first a letter or digit)");
        } else if (FULL_ID.matcher(name).matches()) {
            violations.add(
                    field,
                    Reason.RESERVED,
                    "invalid name: 64 hexadecimal digits are an id, and would be taken for one");
        }
    }

    /** Checks labels or options: how many, how long, and that no control characters hide in them. */
    static void checkMap(String field, Map<String, String> map, Violations violations) {
        if (map.size() > MAX_ENTRIES) {
            violations.add(
                    field,
                    Reason.TOO_MANY,
                    map.size() + " entries are too many: at most " + MAX_ENTRIES + " are allowed");
            return;
        }
        long bytes = 0;
        for (Map.Entry<String, String> entry : map.entrySet()) {
            String key = entry.getKey();
            bytes += key.getBytes(StandardCharsets.UTF_8).length;
            bytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
            String at = field + "[" + shown(key) + "]";
            if (key.isBlank()) {
                violations.add(at, Reason.REQUIRED, "a key is empty");
            } else if (key.length() > MAX_KEY) {
                violations.add(at, Reason.TOO_LONG, "a key has at most " + MAX_KEY + " characters");
            } else if (key.chars().anyMatch(Character::isISOControl)) {
                violations.add(at, Reason.MALFORMED, "a key has no control characters");
            } else if (entry.getValue().chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
                violations.add(at, Reason.MALFORMED, "a value has no control characters but tab and line feed");
            }
        }
        if (bytes > MAX_MAP_BYTES) {
            violations.add(
                    field,
                    Reason.TOO_LONG,
                    "keys and values have " + bytes + " bytes together: at most " + MAX_MAP_BYTES + " are allowed");
        }
    }
}
