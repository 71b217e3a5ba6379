package dev.weft.net;

/**
 * An address as an interface carries it: the address itself and the prefix length of its subnet.
 *
 * @param address the interface's own address
 * @param prefixLength 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record InterfaceAddress(IpAddress address, int prefixLength) implements Comparable<InterfaceAddress> {

    public InterfaceAddress {
        Cidr.checkPrefixLength(address, prefixLength);
    }

    /**
     * Reads {@code address/prefix}.
     *
     * @throws IllegalArgumentException if the text is malformed
     */
    public static InterfaceAddress parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("invalid CIDR " + text + ": it has no '/'");
        }
        String length = text.substring(slash + 1);
        if (length.isEmpty() || length.length() > 3 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("invalid CIDR " + text + ": '" + length + "' is not a prefix length");
        }
        return new InterfaceAddress(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(length));
    }

    public IpFamily family() {
        return address.family();
    }

    /** The subnet that the address lies in. */
    public Cidr subnet() {
        return Cidr.containing(address, prefixLength);
    }

    @Override
    public int compareTo(InterfaceAddress other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(prefixLength, other.prefixLength);
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}
