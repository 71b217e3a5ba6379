package dev.weft.net;

import java.math.BigInteger;

/**
 * A block of addresses: a network address and a prefix length, with no host bits set.
 *
 * @param address the first address of the block
 * @param prefixLength 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Cidr(IpAddress address, int prefixLength) implements Comparable<Cidr> {

    public Cidr {
        checkPrefixLength(address, prefixLength);
        IpAddress first = mask(address, prefixLength);
        if (!first.equals(address)) {
            throw new IllegalArgumentException(
                    "invalid subnet " + address + "/" + prefixLength + ": it should be " + first + "/" + prefixLength);
        }
    }

    /**
     * Reads {@code address/prefix}.
     *
     * @throws IllegalArgumentException if the text is malformed or has host bits set; the message names the block meant
     */
    public static Cidr parse(String text) {
        InterfaceAddress parsed = InterfaceAddress.parse(text);
        return new Cidr(parsed.address(), parsed.prefixLength());
    }

    /** The block of the given size that contains the address. */
    public static Cidr containing(IpAddress address, int prefixLength) {
        checkPrefixLength(address, prefixLength);
        return new Cidr(mask(address, prefixLength), prefixLength);
    }

    public IpFamily family() {
        return address.family();
    }

    public IpAddress first() {
        return address;
    }

    public IpAddress last() {
        int hostBits = family().bits() - prefixLength;
        return new IpAddress(family(), address.high() | ones(hostBits - Long.SIZE), address.low() | ones(hostBits));
    }

    /** How many addresses the block holds, network and broadcast address included. */
    public BigInteger size() {
        return BigInteger.ONE.shiftLeft(family().bits() - prefixLength);
    }

    public boolean contains(IpAddress other) {
        return other.family() == family() && mask(other, prefixLength).equals(address);
    }

    public boolean contains(Cidr other) {
        return other.prefixLength >= prefixLength && contains(other.address);
    }

    public boolean overlaps(Cidr other) {
        return contains(other.address) || other.contains(address);
    }

    static void checkPrefixLength(IpAddress address, int prefixLength) {
        if (prefixLength < 0 || prefixLength > address.family().bits()) {
            throw new IllegalArgumentException("invalid prefix length " + prefixLength + " for " + address
                    + ": it should be 0 to " + address.family().bits());
        }
    }

    private static IpAddress mask(IpAddress address, int prefixLength) {
        int hostBits = address.family().bits() - prefixLength;
        return new IpAddress(
                address.family(), address.high() & ~ones(hostBits - Long.SIZE), address.low() & ~ones(hostBits));
    }

    /** A word whose lowest bits are set: none for a count below 1, all from 64. */
    private static long ones(int count) {
        return count <= 0 ? 0 : -1L >>> Math.max(0, Long.SIZE - count);
    }

    @Override
    public int compareTo(Cidr other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(prefixLength, other.prefixLength);
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}
