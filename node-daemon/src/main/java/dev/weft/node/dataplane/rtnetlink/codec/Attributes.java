package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The attributes of a message or of a nested attribute, by type. Of several with one type the last counts, as in the
 * kernel's own parser. A value longer than asked for is cut: newer kernels append fields.
 */
final class Attributes {

    static final Attributes NONE = new Attributes(Map.of());

    private static final int HEADER_LENGTH = 4;
    private static final int TYPE_MASK = 0x3FFF;

    private final Map<Integer, ByteBuffer> values;

    private Attributes(Map<Integer, ByteBuffer> values) {
        this.values = values;
    }

    /**
     * Reads attributes up to the buffer's limit. The values are views of it.
     *
     * @throws MalformedMessageException if a length does not fit
     */
    static Attributes parse(ByteBuffer buffer) {
        ByteBuffer in = buffer.slice().order(ByteOrder.nativeOrder());
        Map<Integer, ByteBuffer> values = new HashMap<>();
        while (in.remaining() >= HEADER_LENGTH) {
            int start = in.position();
            int length = Short.toUnsignedInt(in.getShort());
            int type = Short.toUnsignedInt(in.getShort()) & TYPE_MASK;
            if (length < HEADER_LENGTH || length > in.limit() - start) {
                throw new MalformedMessageException(
                        "attribute " + type + " of length " + length + " with " + (in.limit() - start) + " bytes left");
            }
            values.put(type, in.slice(start + HEADER_LENGTH, length - HEADER_LENGTH));
            in.position(Math.min(in.limit(), start + NlMessage.align(length)));
        }
        return new Attributes(values);
    }

    boolean has(int type) {
        return values.containsKey(type);
    }

    OptionalInt u8(int type) {
        ByteBuffer value = values.get(type);
        return value == null
                ? OptionalInt.empty()
                : OptionalInt.of(Byte.toUnsignedInt(atLeast(type, value, 1).get(0)));
    }

    OptionalInt u16(int type) {
        ByteBuffer value = values.get(type);
        return value == null
                ? OptionalInt.empty()
                : OptionalInt.of(Short.toUnsignedInt(
                        atLeast(type, value, 2).order(ByteOrder.nativeOrder()).getShort(0)));
    }

    OptionalInt u16BigEndian(int type) {
        ByteBuffer value = values.get(type);
        return value == null
                ? OptionalInt.empty()
                : OptionalInt.of(Short.toUnsignedInt(
                        atLeast(type, value, 2).order(ByteOrder.BIG_ENDIAN).getShort(0)));
    }

    OptionalInt u32(int type) {
        ByteBuffer value = values.get(type);
        return value == null
                ? OptionalInt.empty()
                : OptionalInt.of(
                        atLeast(type, value, 4).order(ByteOrder.nativeOrder()).getInt(0));
    }

    /** Text up to its first zero byte. */
    Optional<String> text(int type) {
        ByteBuffer value = values.get(type);
        if (value == null) {
            return Optional.empty();
        }
        byte[] bytes = bytes(value, value.limit());
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return Optional.of(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    /** Empty also for a link-layer address of another length, as tunnels have. */
    Optional<MacAddress> mac(int type) {
        ByteBuffer value = values.get(type);
        return value == null || value.limit() != 6
                ? Optional.empty()
                : Optional.of(MacAddress.ofBytes(bytes(value, 6)));
    }

    Optional<IpAddress> address(int type, IpFamily family) {
        ByteBuffer value = values.get(type);
        return value == null
                ? Optional.empty()
                : Optional.of(IpAddress.ofBytes(bytes(atLeast(type, value, family.bytes()), family.bytes())));
    }

    /** An address whose length tells its family. */
    Optional<IpAddress> address(int type) {
        ByteBuffer value = values.get(type);
        return value == null || (value.limit() != 4 && value.limit() != 16)
                ? Optional.empty()
                : Optional.of(IpAddress.ofBytes(bytes(value, value.limit())));
    }

    /** The raw value; empty if there is none. */
    ByteBuffer value(int type) {
        ByteBuffer value = values.get(type);
        return (value == null ? ByteBuffer.allocate(0) : value.duplicate()).order(ByteOrder.nativeOrder());
    }

    /** The attributes in an attribute; {@link #NONE} if it is absent. */
    Attributes nested(int type) {
        ByteBuffer value = values.get(type);
        return value == null ? NONE : parse(value);
    }

    private static byte[] bytes(ByteBuffer value, int length) {
        byte[] bytes = new byte[length];
        value.get(0, bytes);
        return bytes;
    }

    private static ByteBuffer atLeast(int type, ByteBuffer value, int length) {
        if (value.limit() < length) {
            throw new MalformedMessageException(
                    "attribute " + type + " has " + value.limit() + " bytes, at least " + length + " expected");
        }
        return value.duplicate();
    }
}
