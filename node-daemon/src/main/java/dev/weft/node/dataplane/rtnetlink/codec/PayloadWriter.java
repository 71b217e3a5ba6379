package dev.weft.node.dataplane.rtnetlink.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Builds a payload: a fixed header, then attributes, each aligned to four bytes. Grows as needed. */
public final class PayloadWriter {

    private static final int ATTRIBUTE_HEADER = 4;
    /** {@code NLA_F_NESTED}: says that an attribute holds attributes. Strict parsers of newer kernels want it. */
    private static final int NESTED = 0x8000;

    private ByteBuffer out = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    PayloadWriter u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    PayloadWriter u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    PayloadWriter u32(int value) {
        room(4).putInt(value);
        return this;
    }

    /** Appends what another writer holds, such as a header. */
    PayloadWriter raw(PayloadWriter other) {
        ByteBuffer bytes = other.toBuffer();
        room(bytes.remaining()).put(bytes);
        return this;
    }

    PayloadWriter attribute(int type, byte[] value) {
        int length = ATTRIBUTE_HEADER + value.length;
        if (length > 0xFFFF) {
            throw new IllegalArgumentException("an attribute of " + value.length + " bytes is too long");
        }
        u16(length).u16(type);
        room(value.length).put(value);
        return pad();
    }

    PayloadWriter attributeU8(int type, int value) {
        return u16(ATTRIBUTE_HEADER + 1).u16(type).u8(value).pad();
    }

    /** A port number, as protocols have it on the wire. */
    PayloadWriter attributeU16BigEndian(int type, int value) {
        return u16(ATTRIBUTE_HEADER + 2).u16(type).u8(value >>> 8).u8(value).pad();
    }

    PayloadWriter attributeU16(int type, int value) {
        return u16(ATTRIBUTE_HEADER + 2).u16(type).u16(value).pad();
    }

    PayloadWriter attributeU32(int type, int value) {
        return u16(ATTRIBUTE_HEADER + 4).u16(type).u32(value);
    }

    /** Text with a closing zero byte. */
    PayloadWriter attributeText(int type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(bytes, bytes.length + 1));
    }

    PayloadWriter nested(int type, Consumer<PayloadWriter> content) {
        int start = out.position();
        u16(0).u16(type | NESTED);
        content.accept(this);
        int length = out.position() - start;
        if (length > 0xFFFF) {
            throw new IllegalArgumentException("a nested attribute of " + length + " bytes is too long");
        }
        out.putShort(start, (short) length);
        return this;
    }

    ByteBuffer toBuffer() {
        return out.duplicate().flip().asReadOnlyBuffer();
    }

    private PayloadWriter pad() {
        while (out.position() % 4 != 0) {
            u8(0);
        }
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(out.capacity() * 2, out.position() + bytes))
                    .order(ByteOrder.nativeOrder());
            out = larger.put(out.flip());
        }
        return out;
    }
}
