package dev.weft.node.dns;

/** Response codes, by their wire values: RFC 1035 §4.1.1, and RFC 6891 for the last. */
enum Rcode {
    NO_ERROR(0),
    FORMAT_ERROR(1),
    SERVER_FAILURE(2),
    NOT_IMPLEMENTED(4),
    REFUSED(5),
    BAD_VERSION(16);

    private final int code;

    Rcode(int code) {
        this.code = code;
    }

    /** The four bits in the header. */
    int low() {
        return code & 0xf;
    }

    /** The eight bits in the OPT record. */
    int high() {
        return code >> 4;
    }

    /** Whether a response has this code, as far as its header tells. */
    boolean isOf(byte[] response) {
        return (response[3] & 0xf) == code;
    }
}
