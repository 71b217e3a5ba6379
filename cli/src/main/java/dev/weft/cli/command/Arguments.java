package dev.weft.cli.command;

import dev.weft.api.v1.Filter;
import dev.weft.cli.CliException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of options that have a form of their own. */
final class Arguments {

    private Arguments() {}

    /** {@code key=value} each. A key without a value means the empty one. */
    static Map<String, String> keyValues(String option, List<String> texts) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            String key = equals < 0 ? text : text.substring(0, equals);
            if (key.isEmpty()) {
                throw CliException.usage("invalid value \"" + text + "\" for " + option + ": give key=value");
            }
            values.put(key, equals < 0 ? "" : text.substring(equals + 1));
        }
        return values;
    }

    /** {@code key=value} each; the server knows which keys there are. */
    static List<Filter> filters(List<String> texts) {
        return texts.stream().map(Arguments::filter).toList();
    }

    private static Filter filter(String text) {
        // label!=x is the key "label!".
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw CliException.usage("invalid filter \"" + text + "\": give key=value");
        }
        return Filter.newBuilder()
                .setKey(text.substring(0, equals).strip())
                .setValue(text.substring(equals + 1).strip())
                .build();
    }
}
