package dev.weft.net;

import java.util.Locale;
import java.util.Optional;

/** A protocol with ports. */
public enum TransportProtocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    TransportProtocol(int number) {
        this.number = number;
    }

    /** IANA's protocol number. */
    public int number() {
        return number;
    }

    /** Reads a name such as {@code tcp}, in any case. */
    public static Optional<TransportProtocol> parse(String text) {
        for (TransportProtocol protocol : values()) {
            if (protocol.name().equalsIgnoreCase(text)) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }

    /** As Docker and nft write it: {@code tcp}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
