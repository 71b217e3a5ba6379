package dev.weft.cli.output;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tree as JSON has them; what templates read and {@link JsonWriter} prints. Objects keep the order of their fields. */
public sealed interface Value {

    /** A string. */
    record Text(String text) implements Value {}

    /** A whole number. */
    record Number(long number) implements Value {}

    /** true or false. */
    record Bool(boolean bool) implements Value {}

    /** JSON's null. */
    enum Nothing implements Value {
        /** The only one. */
        NULL
    }

    /** An array. */
    record Items(List<Value> items) implements Value {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** An object; {@code fields} keeps its order. */
    record Fields(Map<String, Value> fields) implements Value {}

    static Value of(String text) {
        return new Text(text);
    }

    static Value of(long number) {
        return new Number(number);
    }

    static Value of(boolean bool) {
        return new Bool(bool);
    }

    static Value of(List<String> texts) {
        return new Items(texts.stream().map(Value::of).toList());
    }

    /** An object of strings, sorted by key as Docker prints maps. */
    static Value of(Map<String, String> texts) {
        Builder builder = object();
        texts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> builder.put(entry.getKey(), entry.getValue()));
        return builder.build();
    }

    static Builder object() {
        return new Builder();
    }

    /** Collects the fields of an object, in order. */
    final class Builder {
        private final Map<String, Value> fields = new LinkedHashMap<>();

        private Builder() {}

        public Builder put(String name, Value value) {
            fields.put(name, value);
            return this;
        }

        public Builder put(String name, String text) {
            return put(name, new Text(text));
        }

        public Builder put(String name, long number) {
            return put(name, new Number(number));
        }

        public Builder put(String name, boolean bool) {
            return put(name, new Bool(bool));
        }

        public Fields build() {
            return new Fields(new LinkedHashMap<>(fields));
        }
    }
}
