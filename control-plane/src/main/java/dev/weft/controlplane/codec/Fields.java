package dev.weft.controlplane.codec;

import com.google.protobuf.Timestamp;
import dev.weft.controlplane.model.NodeName;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** What the mappings of all messages share. Reading fails with IllegalArgumentException, naming the field. */
final class Fields {

    private Fields() {}

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static Instant instant(String field, boolean present, Timestamp timestamp) {
        require(present, field, "is missing");
        require(timestamp.getNanos() >= 0 && timestamp.getNanos() < 1_000_000_000, field, "has a bad nanosecond part");
        try {
            return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(field + " is out of range", e);
        }
    }

    static com.google.protobuf.Duration duration(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    static Optional<Duration> duration(String field, boolean present, com.google.protobuf.Duration duration) {
        if (!present) {
            return Optional.empty();
        }
        require(
                duration.getSeconds() >= 0 && duration.getNanos() >= 0 && duration.getNanos() < 1_000_000_000,
                field,
                "is no duration");
        return Optional.of(Duration.ofSeconds(duration.getSeconds(), duration.getNanos()));
    }

    static void require(boolean condition, String field, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(field + " " + problem);
        }
    }

    /** Parses text that must be in canonical form, because keys and comparisons rely on one spelling. */
    static <T> T canonical(String field, String text, Function<String, T> parse) {
        try {
            T value = parse.apply(text);
            require(value.toString().equals(text), field, "is not canonical: " + text);
            return value;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("bad " + field + ": " + e.getMessage(), e);
        }
    }

    /** As {@link #canonical}, where empty text stands for absence. */
    static <T> Optional<T> optional(String field, String text, Function<String, T> parse) {
        return text.isEmpty() ? Optional.empty() : Optional.of(canonical(field, text, parse));
    }

    static String text(Optional<?> value) {
        return value.map(Object::toString).orElse("");
    }

    static NodeName nodeName(String text) {
        return canonical("node", text, NodeName::new);
    }
}
