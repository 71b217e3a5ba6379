package dev.weft.net;

import java.util.HexFormat;

/**
 * A 48-bit Ethernet address.
 *
 * @param value the address as a number below 2<sup>48</sup>
 */
public record MacAddress(long value) implements Comparable<MacAddress> {

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    public MacAddress {
        if (value < 0 || value >= 1L << 48) {
            throw new IllegalArgumentException("a MAC address has 48 bits");
        }
    }

    /**
     * Reads six hexadecimal bytes separated by colons.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static MacAddress parse(String text) {
        if (text.length() != 17) {
            throw new IllegalArgumentException("invalid MAC address: " + text);
        }
        try {
            return ofBytes(COLONS.parseHex(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid MAC address: " + text, e);
        }
    }

    public static MacAddress ofBytes(byte[] bytes) {
        if (bytes.length != 6) {
            throw new IllegalArgumentException("a MAC address has 6 bytes, not " + bytes.length);
        }
        long value = 0;
        for (byte b : bytes) {
            value = value << 8 | (b & 0xFF);
        }
        return new MacAddress(value);
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (value >>> (40 - 8 * i));
        }
        return bytes;
    }

    /** Whether the group bit is set: such an address cannot be an interface's own (IEEE 802, I/G bit). */
    public boolean isMulticast() {
        return (value >>> 40 & 1) == 1;
    }

    @Override
    public int compareTo(MacAddress other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return COLONS.formatHex(toBytes());
    }
}
