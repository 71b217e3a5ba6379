package dev.weft.controlplane.config;

/**
 * Where to listen or to connect.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param port 0 (when listening: one that the kernel chooses) to 65535
 */
public record HostPort(String host, int port) {

    public HostPort {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("the host is empty: it should be host:port");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
        }
    }

    /** Reads {@code host:port}; an IPv6 address stands in brackets. */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("invalid address '" + text + "': it should be host:port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw new IllegalArgumentException(
                    "invalid address '" + text + "': an IPv6 address stands in brackets, [::1]:7400");
        }
        try {
            return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "invalid address '" + text + "': the port should be a number from 0 to 65535", e);
        }
    }

    /** Whether it means every address of this machine. */
    public boolean isWildcard() {
        return host.equals("0.0.0.0") || host.equals("::") || host.equals("*");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
