package dev.weft.node.nativelib;

/**
 * A call that the kernel refused, as a value.
 *
 * @param operation what was attempted and on what, such as {@code add link web0 (bridge)}
 * @param errno the kernel's error number
 * @param detail the kernel's own explanation (netlink's extended acknowledgement); empty when it gave none
 */
public record KernelError(String operation, Errno errno, String detail) {

    /** {@code operation: ENODEV (no such device): detail}. */
    public String message() {
        return operation + ": " + errno + (detail.isEmpty() ? "" : ": " + detail);
    }

    @Override
    public String toString() {
        return message();
    }
}
