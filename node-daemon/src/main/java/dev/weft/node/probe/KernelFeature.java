package dev.weft.node.probe;

/**
 * Whether the kernel can do something.
 *
 * @param name such as {@code link:vxlan} or {@code nft:numgen}
 * @param availability whether it can
 * @param detail why it cannot, in the kernel's words; empty when it can
 */
public record KernelFeature(String name, Availability availability, String detail) {

    public enum Availability {
        AVAILABLE,
        MISSING,
        /** The attempt failed for a reason that says nothing about the feature, such as a missing permission. */
        UNKNOWN
    }

    public boolean isAvailable() {
        return availability == Availability.AVAILABLE;
    }

    @Override
    public String toString() {
        return name + ": " + availability + (detail.isEmpty() ? "" : " (" + detail + ")");
    }
}
