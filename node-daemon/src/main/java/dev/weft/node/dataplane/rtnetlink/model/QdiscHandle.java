package dev.weft.node.dataplane.rtnetlink.model;

/**
 * A queueing discipline's number on its link, as tc(8) writes it: {@code 7766:}.
 *
 * @param major 0 to 0xFFFF; 0 for one of the kernel's own
 */
public record QdiscHandle(int major) {

    public QdiscHandle {
        if (major < 0 || major > 0xFFFF) {
            throw new IllegalArgumentException("invalid qdisc handle " + major + ": it should be 0 to 0xffff");
        }
    }

    /** As messages carry it: the minor number is 0. */
    public int number() {
        return major << 16;
    }

    @Override
    public String toString() {
        return Integer.toHexString(major) + ":";
    }
}
