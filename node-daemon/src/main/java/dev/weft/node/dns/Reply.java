package dev.weft.node.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes responses of this server's own. */
final class Reply {

    static final int TYPE_A = 1;
    static final int TYPE_PTR = 12;
    static final int TYPE_AAAA = 28;
    static final int TYPE_ANY = 255;

    /** The largest UDP message for those who do not say otherwise: RFC 1035 §4.2.1. */
    static final int PLAIN_UDP_BYTES = 512;

    static final int MAX_BYTES = 65_535;

    /**
     * Seconds. Docker says 600, and users of caching clients then talk to containers long gone; that is the length of a
     * look-up on loopback saved.
     */
    private static final int TTL_SECONDS = 5;

    private static final int RESPONSE = 0x8000;
    private static final int TRUNCATED = 0x0200;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RECURSION_AVAILABLE = 0x0080;
    private static final int CHECKING_DISABLED = 0x0010;
    private static final int TYPE_OPT = 41;
    private static final int RECORD_HEADER_BYTES = 12;
    private static final int OPT_BYTES = 11;

    /** Where a query's name is in every message, as a compression pointer. */
    private static final short QUESTION_NAME = (short) (0xc000 | Query.HEADER_BYTES);

    /** One record of an answer; its name is the question's. */
    record Answer(int type, byte[] data) {}

    private Reply() {}

    /** A response to what could not be understood. */
    static byte[] refusal(int id, int flags, Rcode rcode) {
        return header(id, flags, rcode, Query.HEADER_BYTES).array();
    }

    /** An error, or no data. */
    static byte[] empty(byte[] message, Query query, Rcode rcode) {
        return of(message, query, rcode, List.of(), PLAIN_UDP_BYTES);
    }

    /** That the answer is too long: ask by TCP. */
    static byte[] truncated(byte[] message, Query query) {
        byte[] reply = empty(message, query, Rcode.NO_ERROR);
        reply[2] |= (byte) (TRUNCATED >> 8);
        return reply;
    }

    /** @param limit bytes; records that do not fit are left out, and the response says so */
    static byte[] of(byte[] message, Query query, Rcode rcode, List<Answer> answers, int limit) {
        int room = limit - query.questionEnd() - (query.edns().isPresent() ? OPT_BYTES : 0);
        List<Answer> fitting = new ArrayList<>();
        int bytes = query.questionEnd();
        for (Answer answer : answers) {
            int needed = RECORD_HEADER_BYTES + answer.data().length;
            if (needed > room) {
                break;
            }
            room -= needed;
            bytes += needed;
            fitting.add(answer);
        }
        ByteBuffer reply =
                header(query.id(), query.flags(), rcode, bytes + (query.edns().isPresent() ? OPT_BYTES : 0));
        if (fitting.size() < answers.size()) {
            reply.putShort(2, (short) (reply.getShort(2) | TRUNCATED));
        }
        reply.putShort(4, (short) 1);
        reply.putShort(6, (short) fitting.size());
        reply.put(message, Query.HEADER_BYTES, query.questionEnd() - Query.HEADER_BYTES);
        for (Answer answer : fitting) {
            reply.putShort(QUESTION_NAME)
                    .putShort((short) answer.type())
                    .putShort((short) Query.CLASS_IN)
                    .putInt(TTL_SECONDS)
                    .putShort((short) answer.data().length)
                    .put(answer.data());
        }
        if (query.edns().isPresent()) {
            reply.putShort(10, (short) 1);
            reply.put((byte) 0)
                    .putShort((short) TYPE_OPT)
                    .putShort((short) SandboxServer.MAX_QUERY_BYTES)
                    .putInt(rcode.high() << 24)
                    .putShort((short) 0);
        }
        return reply.array();
    }

    private static ByteBuffer header(int id, int flags, Rcode rcode, int bytes) {
        ByteBuffer reply = ByteBuffer.allocate(bytes);
        int kept = flags & (RECURSION_DESIRED | CHECKING_DISABLED);
        reply.putShort((short) id).putShort((short) (RESPONSE | RECURSION_AVAILABLE | kept | rcode.low()));
        return reply.position(Query.HEADER_BYTES);
    }

    /** The wire form of a name; empty if it has none, as with an empty label or one of more than 63 characters. */
    static Optional<byte[]> name(String name) {
        byte[] bytes = new byte[name.length() + 2];
        int at = 0;
        for (String label : name.split("\\.", -1)) {
            byte[] text = label.getBytes(StandardCharsets.ISO_8859_1);
            if (text.length == 0 || text.length > 63) {
                return Optional.empty();
            }
            bytes[at++] = (byte) text.length;
            System.arraycopy(text, 0, bytes, at, text.length);
            at += text.length;
        }
        return bytes.length <= 255 ? Optional.of(bytes) : Optional.empty();
    }
}
