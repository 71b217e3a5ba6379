package dev.weft.loadtests.probe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One DNS question for a name's IPv4 address, and the check of what comes back (RFC 1035). */
final class NameQuestion {

    static final int LARGEST = 512;

    private static final int HEADER = 12;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int IS_RESPONSE = 0x8000;
    private static final int RCODE = 0x000f;
    private static final short TYPE_A = 1;
    private static final short CLASS_IN = 1;

    private final byte[] afterHeader;

    /** @param name labels joined by dots */
    NameQuestion(String name) {
        ByteBuffer question = ByteBuffer.allocate(LARGEST);
        for (String label : name.split("\\.", -1)) {
            question.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        question.put((byte) 0).putShort(TYPE_A).putShort(CLASS_IN);
        afterHeader = new byte[question.position()];
        question.flip().get(afterHeader);
    }

    /** The datagram that asks, ready to be sent. */
    void write(ByteBuffer into, int id) {
        into.clear()
                .putShort((short) id)
                .putShort((short) RECURSION_DESIRED)
                .putShort((short) 1)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .put(afterHeader)
                .flip();
    }

    /** Whether it is an answer with a record, which says that the name is known. */
    static boolean hasAddress(ByteBuffer answer) {
        if (answer.remaining() < HEADER) {
            return false;
        }
        int flags = answer.getShort(2) & 0xffff;
        return (flags & IS_RESPONSE) != 0 && (flags & RCODE) == 0 && answer.getShort(6) != 0;
    }

    /**
     * Which question it answers.
     *
     * @throws IllegalStateException if it is no answer with an address
     */
    static int idOf(ByteBuffer answer) {
        if (!hasAddress(answer)) {
            throw new IllegalStateException("the name server's answer has no address: " + shown(answer));
        }
        return answer.getShort(0) & 0xffff;
    }

    private static String shown(ByteBuffer answer) {
        return answer.remaining() < HEADER
                ? answer.remaining() + " bytes are no DNS message"
                : "code " + (answer.getShort(2) & RCODE) + ", " + (answer.getShort(6) & 0xffff) + " records";
    }
}
