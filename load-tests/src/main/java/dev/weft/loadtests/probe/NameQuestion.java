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

    /**
     * Which question it answers.
     *
     * @throws IllegalStateException if it is no answer with an address
     */
    static int idOf(ByteBuffer answer) {
        if (answer.remaining() < HEADER) {
            throw new IllegalStateException("an answer of " + answer.remaining() + " bytes is no DNS message");
        }
        int flags = answer.getShort(2) & 0xffff;
        int records = answer.getShort(6) & 0xffff;
        if ((flags & IS_RESPONSE) == 0 || (flags & RCODE) != 0 || records == 0) {
            throw new IllegalStateException("the name server answered with code " + (flags & RCODE) + " and " + records
                    + " records; 0 and at least 1 were expected");
        }
        return answer.getShort(0) & 0xffff;
    }
}
