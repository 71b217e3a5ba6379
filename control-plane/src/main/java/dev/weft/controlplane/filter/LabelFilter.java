package dev.weft.controlplane.filter;

import java.util.Map;

/** A label that must be there, with that value if one is given: {@code key} or {@code key=value}. */
record LabelFilter(String text) {

    boolean matches(Map<String, String> labels) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return labels.containsKey(text);
        }
        return text.substring(equals + 1).equals(labels.get(text.substring(0, equals)));
    }
}
