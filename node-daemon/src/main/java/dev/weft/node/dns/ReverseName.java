package dev.weft.node.dns;

import dev.weft.net.IpAddress;
import java.util.Locale;
import java.util.Optional;

/** Addresses as names to ask PTR records of: RFC 1035 §3.5 and RFC 3596 §2.5. */
final class ReverseName {

    private static final String IPV4 = ".in-addr.arpa";
    private static final String IPV6 = ".ip6.arpa";

    private ReverseName() {}

    /** The address that a whole reverse name stands for. */
    static Optional<IpAddress> parse(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(IPV4)) {
            return bytes(lower.substring(0, lower.length() - IPV4.length()), 4, 10, 255);
        }
        if (lower.endsWith(IPV6)) {
            return bytes(lower.substring(0, lower.length() - IPV6.length()), 32, 16, 15);
        }
        return Optional.empty();
    }

    private static Optional<IpAddress> bytes(String text, int labels, int radix, int max) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != labels) {
            return Optional.empty();
        }
        byte[] address = new byte[labels == 4 ? 4 : 16];
        for (int i = 0; i < labels; i++) {
            String part = parts[labels - 1 - i];
            boolean digits = !part.isEmpty()
                    && part.length() <= 3
                    && part.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
            int value = digits ? Integer.parseInt(part, radix) : -1;
            if (value < 0 || value > max) {
                return Optional.empty();
            }
            if (labels == 4) {
                address[i] = (byte) value;
            } else {
                address[i / 2] |= (byte) (i % 2 == 0 ? value << 4 : value);
            }
        }
        return Optional.of(IpAddress.ofBytes(address));
    }
}
