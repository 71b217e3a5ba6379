package dev.weft.controlplane.model;

/**
 * An endpoint's id: 64 lower-case hexadecimal digits.
 *
 * @param value the digits
 */
public record EndpointId(String value) implements Comparable<EndpointId> {

    public EndpointId {
        ObjectIds.check(value);
    }

    /** The first twelve digits: what tables show and interface names are made of. */
    public String shortId() {
        return value.substring(0, 12);
    }

    @Override
    public int compareTo(EndpointId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
