package dev.weft.net;

/**
 * A VXLAN network identifier (RFC 7348 §5: 24 bits).
 *
 * @param value 1 to 2<sup>24</sup> − 1
 */
public record Vni(int value) implements Comparable<Vni> {

    /** The highest identifier. */
    public static final int MAX = (1 << 24) - 1;

    public Vni {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException("invalid VNI " + value + ": it should be 1 to " + MAX);
        }
    }

    @Override
    public int compareTo(Vni other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
