package dev.weft.cli.output;

import java.util.Iterator;
import java.util.Map;

/** Writes JSON as Docker's commands do: four spaces of indentation, no HTML escaping, empty arrays and objects closed at once. */
public final class JsonWriter {

    private static final int INDENT = 4;

    private final boolean indented;
    private final StringBuilder out = new StringBuilder();

    private JsonWriter(boolean indented) {
        this.indented = indented;
    }

    /** On several lines, without a newline at the end. */
    public static String indented(Value value) {
        return write(value, true);
    }

    /** On one line, without spaces. */
    public static String compact(Value value) {
        return write(value, false);
    }

    private static String write(Value value, boolean indented) {
        JsonWriter writer = new JsonWriter(indented);
        writer.value(value, 0);
        return writer.out.toString();
    }

    private void value(Value value, int depth) {
        switch (value) {
            case Value.Text(String text) -> string(text);
            case Value.Number(long number) -> out.append(number);
            case Value.Bool(boolean bool) -> out.append(bool);
            case Value.Nothing _ -> out.append("null");
            case Value.Items(var items) -> array(items.iterator(), depth);
            case Value.Fields(var fields) -> object(fields.entrySet().iterator(), depth);
        }
    }

    private void array(Iterator<Value> items, int depth) {
        out.append('[');
        if (items.hasNext()) {
            while (items.hasNext()) {
                newline(depth + 1);
                value(items.next(), depth + 1);
                if (items.hasNext()) {
                    out.append(',');
                }
            }
            newline(depth);
        }
        out.append(']');
    }

    private void object(Iterator<Map.Entry<String, Value>> fields, int depth) {
        out.append('{');
        if (fields.hasNext()) {
            while (fields.hasNext()) {
                Map.Entry<String, Value> field = fields.next();
                newline(depth + 1);
                string(field.getKey());
                out.append(indented ? ": " : ":");
                value(field.getValue(), depth + 1);
                if (fields.hasNext()) {
                    out.append(',');
                }
            }
            newline(depth);
        }
        out.append('}');
    }

    private void newline(int depth) {
        if (indented) {
            out.append('\n').repeat(' ', depth * INDENT);
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 0xf, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
