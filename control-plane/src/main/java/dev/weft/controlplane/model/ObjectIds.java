package dev.weft.controlplane.model;

import java.util.regex.Pattern;

/** The one shape of object ids. */
final class ObjectIds {

    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{64}");

    private ObjectIds() {}

    static void check(String value) {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("invalid id '" + value + "': it should be 64 hexadecimal digits");
        }
    }
}
