package dev.weft.node.dns;

import java.util.Optional;

/**
 * A query, read as far as answering it takes.
 *
 * <p>Read by hand, not with a library's decoder: the message goes to upstream servers as it came, so what is needed of it
 * is where its question ends, not an object tree; and a name in a query has nothing before it that it could point to, so
 * compression, where the traps of hostile messages are, is refused here and never followed.
 *
 * @param flags the header's second word
 * @param name without the closing dot; empty for the root
 * @param type RFC 1035 TYPE
 * @param dnsClass RFC 1035 CLASS
 * @param questionEnd offset of the first byte after the question
 */
record Query(int id, int flags, String name, int type, int dnsClass, int questionEnd, Optional<Edns> edns) {

    static final int HEADER_BYTES = 12;
    static final int CLASS_IN = 1;

    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int TYPE_OPT = 41;
    private static final int MAX_NAME_BYTES = 255;

    /** OPT and TSIG or SIG(0) are all that queries carry; each record costs time of a thread that serves all sandboxes. */
    private static final int MAX_ADDITIONAL = 4;

    /**
     * RFC 6891.
     *
     * @param udpBytes the largest UDP message that the asker takes; at least 512
     */
    record Edns(int udpBytes, int version) {}

    /** What came of reading a message. */
    sealed interface Parsed {

        record Understood(Query query) implements Parsed {}

        /** Answer with this response code, and nothing else. */
        record Refused(int id, int flags, Rcode rcode) implements Parsed {}

        /** No query at all; an answer could start an exchange that never ends. */
        record Ignored() implements Parsed {}
    }

    static Parsed parse(byte[] message) {
        if (message.length < HEADER_BYTES) {
            return new Parsed.Ignored();
        }
        int id = word(message, 0);
        int flags = word(message, 2);
        if ((flags & RESPONSE) != 0) {
            return new Parsed.Ignored();
        }
        if ((flags & OPCODE) != 0) {
            return new Parsed.Refused(id, flags, Rcode.NOT_IMPLEMENTED);
        }
        try {
            return new Parsed.Understood(read(message, id, flags));
        } catch (MalformedException | ArrayIndexOutOfBoundsException e) {
            return new Parsed.Refused(id, flags, Rcode.FORMAT_ERROR);
        }
    }

    private static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    private static Query read(byte[] message, int id, int flags) throws MalformedException {
        int additional = word(message, 10);
        if (word(message, 4) != 1 || additional > MAX_ADDITIONAL) {
            throw new MalformedException("not one question, or too many records");
        }
        int nameEnd = endOfName(message, HEADER_BYTES);
        int questionEnd = nameEnd + 4;
        int type = word(message, nameEnd);
        int dnsClass = word(message, nameEnd + 2);
        // With answer or authority records it is an update or a zone transfer's: nothing that is answered here.
        boolean plain = word(message, 6) == 0 && word(message, 8) == 0;
        Optional<Edns> edns = plain ? edns(message, questionEnd, additional) : Optional.empty();
        return new Query(id, flags, name(message), type, dnsClass, questionEnd, edns);
    }

    private static Optional<Edns> edns(byte[] message, int start, int records) throws MalformedException {
        Optional<Edns> edns = Optional.empty();
        int at = start;
        for (int i = 0; i < records; i++) {
            int fixed = endOfName(message, at);
            if (word(message, fixed) == TYPE_OPT) {
                if (edns.isPresent()) {
                    throw new MalformedException("two OPT records");
                }
                edns = Optional.of(new Edns(Math.max(512, word(message, fixed + 2)), message[fixed + 5] & 0xff));
            }
            at = fixed + 10 + word(message, fixed + 8);
            if (at > message.length) {
                throw new MalformedException("a record is longer than the message");
            }
        }
        return edns;
    }

    private static int endOfName(byte[] message, int start) throws MalformedException {
        int at = start;
        while (message[at] != 0) {
            int length = message[at] & 0xff;
            at += 1 + length;
            if (length > 63 || at - start >= MAX_NAME_BYTES) {
                throw new MalformedException("a label of another kind, or too long a name");
            }
        }
        return at + 1;
    }

    private static String name(byte[] message) {
        StringBuilder name = new StringBuilder();
        int at = HEADER_BYTES;
        while (message[at] != 0) {
            int length = message[at++];
            if (!name.isEmpty()) {
                name.append('.');
            }
            for (int end = at + length; at < end; at++) {
                char c = (char) (message[at] & 0xff);
                // A dot within a label is not one between two: such a name is nobody's here.
                name.append(c == '.' ? '\\' : c);
            }
        }
        return name.toString();
    }

    private static int word(byte[] message, int offset) {
        return (message[offset] & 0xff) << 8 | (message[offset + 1] & 0xff);
    }
}
