package dev.weft.node.dataplane.rtnetlink.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A netlink message, netlink(7). Numbers are in the machine's byte order.
 *
 * @param type what it is: of the protocol's own types, or below 16 a control message
 * @param flags {@code NLM_F_…}
 * @param sequence pairs answers with requests; the socket sets it
 * @param port of the socket that asked; the socket sets it
 * @param payload what follows the header, read-only, position 0
 */
public record NlMessage(int type, int flags, int sequence, int port, ByteBuffer payload) {

    public static final int HEADER_LENGTH = 16;

    public static final int TYPE_NOOP = 1;
    public static final int TYPE_ERROR = 2;
    public static final int TYPE_DONE = 3;

    public static final int REQUEST = 0x1;
    public static final int ACK = 0x4;
    /** The table changed while it was dumped. */
    public static final int DUMP_INTERRUPTED = 0x10;

    public static final int DUMP = 0x300;
    public static final int REPLACE = 0x100;
    public static final int EXCLUSIVE = 0x200;
    public static final int CREATE = 0x400;
    public static final int APPEND = 0x800;

    /** Of an acknowledgement: it has the request's header but not its payload. */
    static final int ACK_CAPPED = 0x100;
    /** Of an acknowledgement: attributes follow. */
    static final int ACK_ATTRIBUTES = 0x200;

    private static final int ALIGNMENT = 4;

    public NlMessage {
        payload = payload.slice().order(ByteOrder.nativeOrder());
    }

    /** A request that is to be acknowledged. */
    public static NlMessage request(int type, int flags, PayloadWriter payload) {
        return new NlMessage(type, REQUEST | ACK | flags, 0, 0, payload.toBuffer());
    }

    /** A request for a whole table. */
    public static NlMessage dump(int type, PayloadWriter payload) {
        return new NlMessage(type, REQUEST | DUMP, 0, 0, payload.toBuffer());
    }

    /** Header, payload and padding, in bytes. */
    public int encodedLength() {
        return align(HEADER_LENGTH + payload.remaining());
    }

    /** Appends this message with another sequence number. */
    public void encode(ByteBuffer out, int newSequence) {
        out.putInt(HEADER_LENGTH + payload.remaining());
        out.putShort((short) type);
        out.putShort((short) flags);
        out.putInt(newSequence);
        out.putInt(port);
        out.put(payload.duplicate());
        while (out.position() % ALIGNMENT != 0) {
            out.put((byte) 0);
        }
    }

    /**
     * Splits a datagram. The payloads are views of it.
     *
     * @throws MalformedMessageException if a length does not fit
     */
    public static List<NlMessage> split(ByteBuffer datagram) {
        ByteBuffer in = datagram.slice().order(ByteOrder.nativeOrder());
        List<NlMessage> messages = new ArrayList<>();
        while (in.remaining() >= HEADER_LENGTH) {
            int start = in.position();
            int length = in.getInt();
            if (length < HEADER_LENGTH || length > in.limit() - start) {
                throw new MalformedMessageException(
                        "length " + Integer.toUnsignedString(length) + " with " + (in.limit() - start) + " bytes left");
            }
            int type = Short.toUnsignedInt(in.getShort());
            int flags = Short.toUnsignedInt(in.getShort());
            int sequence = in.getInt();
            int port = in.getInt();
            ByteBuffer payload =
                    in.slice(start + HEADER_LENGTH, length - HEADER_LENGTH).asReadOnlyBuffer();
            messages.add(new NlMessage(type, flags, sequence, port, payload));
            in.position(Math.min(in.limit(), start + align(length)));
        }
        if (in.hasRemaining()) {
            throw new MalformedMessageException(in.remaining() + " bytes after the last message");
        }
        return messages;
    }

    /**
     * The payload, positioned at its start, which has at least the length of a fixed header.
     *
     * @throws MalformedMessageException if it is shorter
     */
    ByteBuffer payload(int headerLength) {
        if (payload.remaining() < headerLength) {
            throw new MalformedMessageException(
                    "type " + type + " with " + payload.remaining() + " bytes, at least " + headerLength + " expected");
        }
        return payload.duplicate().order(ByteOrder.nativeOrder());
    }

    /** The attributes after a fixed header of that length. */
    Attributes attributesAfter(int headerLength) {
        ByteBuffer all = payload(headerLength);
        int start = Math.min(align(headerLength), all.limit());
        return Attributes.parse(all.slice(start, all.limit() - start));
    }

    static int align(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
