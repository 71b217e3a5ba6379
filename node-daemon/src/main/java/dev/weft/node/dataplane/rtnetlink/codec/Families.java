package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.net.IpFamily;
import java.util.Optional;

/** Family and prefix length as messages carry them. */
final class Families {

    private Families() {}

    /** Empty for families that are not IP, such as those of multicast routing. */
    static Optional<IpFamily> of(byte number) {
        for (IpFamily family : IpFamily.values()) {
            if (family.afNumber() == Byte.toUnsignedInt(number)) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }

    static int prefixLength(byte value, IpFamily family) {
        int length = Byte.toUnsignedInt(value);
        if (length > family.bits()) {
            throw new MalformedMessageException("a prefix length of " + length + " for " + family);
        }
        return length;
    }
}
