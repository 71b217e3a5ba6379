package dev.weft.net;

/**
 * The name of a network interface, by the kernel's rules ({@code dev_valid_name} in {@code net/core/dev.c}): 1 to 15
 * characters, neither {@code .} nor {@code ..}, no slash, colon or white space. Narrower here: printable ASCII only.
 *
 * @param value the name
 */
public record InterfaceName(String value) implements Comparable<InterfaceName> {

    /** {@code IFNAMSIZ} less the closing zero. */
    public static final int MAX_LENGTH = 15;

    public InterfaceName {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "invalid interface name '" + value + "': it should have 1 to " + MAX_LENGTH + " characters");
        }
        if (value.equals(".") || value.equals("..") || !value.chars().allMatch(InterfaceName::isAllowed)) {
            throw new IllegalArgumentException("invalid interface name '" + value
                    + "': printable ASCII without '/', ':', '%', quotes or white space");
        }
    }

    private static boolean isAllowed(int c) {
        return c > ' ' && c < 0x7F && c != '/' && c != ':' && c != '%' && c != '"' && c != '\'' && c != '\\';
    }

    @Override
    public int compareTo(InterfaceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
