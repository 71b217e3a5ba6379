package dev.weft.controlplane.model;

/**
 * A network's id: 64 lower-case hexadecimal digits.
 *
 * @param value the digits
 */
public record NetworkId(String value) implements Comparable<NetworkId> {

    public NetworkId {
        ObjectIds.check(value);
    }

    /** The first twelve digits: what tables show and interface names are made of. */
    public String shortId() {
        return value.substring(0, 12);
    }

    @Override
    public int compareTo(NetworkId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
