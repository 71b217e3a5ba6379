package dev.weft.controlplane.model;

import java.util.regex.Pattern;

/**
 * A node's name: a DNS label or several joined by dots (RFC 1123), at most 63 characters, lower case.
 *
 * @param value the name
 */
public record NodeName(String value) implements Comparable<NodeName> {

    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");

    public NodeName {
        if (!SHAPE.matcher(value).matches() || value.contains("..")) {
            throw new IllegalArgumentException(
                    "invalid node name '" + value
                            + "': it should be 1 to 63 lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit");
        }
    }

    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
