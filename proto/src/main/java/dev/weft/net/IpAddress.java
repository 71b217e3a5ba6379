package dev.weft.net;

import com.google.common.net.InetAddresses;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An IPv4 or IPv6 address without scope or prefix. Text is read strictly (no host names, no leading zeros) and written
 * in the canonical form of RFC 5952.
 *
 * @param family the address family
 * @param high the upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address; for IPv4 the address as an unsigned 32-bit number
 */
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {

    private static final long IPV4_MASK = 0xFFFF_FFFFL;

    public IpAddress {
        if (family == IpFamily.IPV4 && (high != 0 || (low & ~IPV4_MASK) != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
    }

    /**
     * Reads an address literal.
     *
     * @throws IllegalArgumentException if the text is not an IPv4 or IPv6 literal, or carries a scope
     */
    public static IpAddress parse(String text) {
        if (text.indexOf('%') >= 0 || !InetAddresses.isInetAddress(text)) {
            throw new IllegalArgumentException("invalid IP address: " + text);
        }
        // An IPv4-mapped literal such as ::ffff:10.0.0.1 becomes IPv4, as everywhere in Java.
        return of(InetAddresses.forString(text));
    }

    public static IpAddress of(InetAddress address) {
        return ofBytes(address.getAddress());
    }

    /**
     * Makes an address from its bytes in network order.
     *
     * @throws IllegalArgumentException unless there are 4 or 16 bytes
     */
    public static IpAddress ofBytes(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> new IpAddress(IpFamily.IPV4, 0, ByteBuffer.wrap(bytes).getInt() & IPV4_MASK);
            case 16 -> {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                yield new IpAddress(IpFamily.IPV6, buffer.getLong(), buffer.getLong());
            }
            default -> throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    /** The address in network byte order: 4 or 16 bytes. */
    public byte[] toBytes() {
        return family == IpFamily.IPV4
                ? ByteBuffer.allocate(4).putInt((int) low).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(toBytes());
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    /**
     * The address {@code delta} further on.
     *
     * @throws ArithmeticException if that leaves the family's address range
     */
    public IpAddress plus(long delta) {
        // Indexes of tens of thousands of addresses come here: big numbers only where a carry needs them.
        long sum = low + delta;
        boolean fits = switch (family) {
            case IPV4 -> (sum & ~IPV4_MASK) == 0;
            case IPV6 -> (delta >= 0) == (Long.compareUnsigned(sum, low) >= 0);
        };
        return fits ? new IpAddress(family, high, sum) : plusWithCarry(delta);
    }

    private IpAddress plusWithCarry(long delta) {
        BigInteger sum = toBigInteger().add(BigInteger.valueOf(delta));
        if (sum.signum() < 0 || sum.bitLength() > family.bits()) {
            throw new ArithmeticException(this + " + " + delta + " leaves the " + family + " address range");
        }
        return fromBigInteger(family, sum);
    }

    /** This address minus {@code other}, as a number; negative if {@code other} is higher. Both have one family. */
    public BigInteger minus(IpAddress other) {
        if (family != other.family) {
            throw new IllegalArgumentException("cannot subtract " + other + " from " + this + ": different families");
        }
        return toBigInteger().subtract(other.toBigInteger());
    }

    BigInteger toBigInteger() {
        return new BigInteger(1, toBytes());
    }

    static IpAddress fromBigInteger(IpFamily family, BigInteger value) {
        return family == IpFamily.IPV4
                ? new IpAddress(family, 0, value.longValueExact())
                : new IpAddress(family, value.shiftRight(64).longValue(), value.longValue());
    }

    public boolean isLoopback() {
        return toInetAddress().isLoopbackAddress();
    }

    public boolean isMulticast() {
        return toInetAddress().isMulticastAddress();
    }

    public boolean isLinkLocal() {
        return toInetAddress().isLinkLocalAddress();
    }

    /** 0.0.0.0 or {@code ::}. */
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return InetAddresses.toAddrString(toInetAddress());
    }
}
