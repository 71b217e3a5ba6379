package dev.weft.node.dataplane.rtnetlink.model;

/**
 * A number that marks links, set at creation ({@code IFLA_GROUP}; {@code ip link set dev X group N}).
 *
 * @param number 0 to 2<sup>31</sup> − 1
 */
public record LinkGroup(int number) {

    /** What links have unless told otherwise. */
    public static final LinkGroup DEFAULT = new LinkGroup(0);

    public LinkGroup {
        if (number < 0) {
            throw new IllegalArgumentException("invalid link group " + number + ": it should be 0 or more");
        }
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
