package dev.weft.chaos.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A message in protobuf's wire format, by field numbers. */
final class Wire {

    /** Each value is a {@code byte[]} of a length-delimited field, or a {@code Long}. */
    private final Map<Integer, List<Object>> fields = new TreeMap<>();

    private Wire() {}

    /** @throws IllegalArgumentException if that is no message */
    static Wire parse(byte[] bytes) {
        Wire wire = new Wire();
        int[] at = {0};
        while (at[0] < bytes.length) {
            long tag = varint(bytes, at);
            Object value = switch ((int) (tag & 7)) {
                case 0 -> varint(bytes, at);
                case 1 -> fixed(bytes, at, 8);
                case 2 -> take(bytes, at, (int) varint(bytes, at));
                case 5 -> fixed(bytes, at, 4);
                default -> throw new IllegalArgumentException("wire type " + (tag & 7) + " at byte " + at[0]);
            };
            wire.fields
                    .computeIfAbsent((int) (tag >>> 3), _ -> new ArrayList<>())
                    .add(value);
        }
        return wire;
    }

    private static long varint(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0; shift < 70 && at[0] < bytes.length; shift += 7) {
            byte next = bytes[at[0]++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number does not end");
    }

    private static long fixed(byte[] bytes, int[] at, int length) {
        long value = 0;
        byte[] part = take(bytes, at, length);
        for (int i = length - 1; i >= 0; i--) {
            value = (value << 8) | (part[i] & 0xff);
        }
        return value;
    }

    private static byte[] take(byte[] bytes, int[] at, int length) {
        if (length < 0 || at[0] + length > bytes.length) {
            throw new IllegalArgumentException(
                    "a field of " + length + " bytes at byte " + at[0] + " of " + bytes.length);
        }
        byte[] part = java.util.Arrays.copyOfRange(bytes, at[0], at[0] + length);
        at[0] += length;
        return part;
    }

    /** Empty where the field is not set. */
    String text(int field) {
        List<Object> values = fields.getOrDefault(field, List.of());
        return values.isEmpty() ? "" : new String((byte[]) values.getLast(), StandardCharsets.UTF_8);
    }

    /** Of a repeated field. */
    List<String> texts(int field) {
        return fields.getOrDefault(field, List.of()).stream()
                .map(value -> new String((byte[]) value, StandardCharsets.UTF_8))
                .toList();
    }

    /** 0 where the field is not set. */
    long number(int field) {
        List<Object> values = fields.getOrDefault(field, List.of());
        return values.isEmpty() ? 0 : (Long) values.getLast();
    }

    boolean flag(int field) {
        return number(field) != 0;
    }

    /** Whether the field is there. */
    boolean has(int field) {
        return fields.containsKey(field);
    }

    byte[] bytes(int field) {
        List<Object> values = fields.getOrDefault(field, List.of());
        return values.isEmpty() ? new byte[0] : (byte[]) values.getLast();
    }

    Wire message(int field) {
        return parse(bytes(field));
    }

    List<Wire> messages(int field) {
        return fields.getOrDefault(field, List.of()).stream()
                .map(value -> parse((byte[]) value))
                .toList();
    }

    /** The entries of a map of texts. */
    Map<String, String> map(int field) {
        Map<String, String> map = new TreeMap<>();
        messages(field).forEach(entry -> map.put(entry.text(1), entry.text(2)));
        return map;
    }

    /** What it says, with one field left out, whatever the order was that maps and fields were written in. */
    String contentWithout(int field) {
        StringBuilder content = new StringBuilder();
        fields.forEach((number, values) -> {
            if (number != field) {
                content.append(number)
                        .append(values.stream().map(Wire::content).sorted().toList());
            }
        });
        return content.toString();
    }

    /** Text that happens to be a message, too, is ordered as one: the same on both sides of a comparison. */
    private static String content(Object value) {
        if (!(value instanceof byte[] bytes)) {
            return value.toString();
        }
        try {
            return '{' + parse(bytes).contentWithout(0) + '}';
        } catch (IllegalArgumentException _) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
