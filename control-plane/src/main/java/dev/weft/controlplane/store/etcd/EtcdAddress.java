package dev.weft.controlplane.store.etcd;

/**
 * Where an etcd server listens for clients.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 */
public record EtcdAddress(String host, int port) {

    private static final int MAX_PORT = 65535;

    public EtcdAddress {
        if (host.isBlank() || host.contains("/") || host.contains("[") || host.contains(" ")) {
            throw new IllegalArgumentException("not a host name or address: '" + host + "'");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port of " + host + " must be 1 to " + MAX_PORT + ": " + port);
        }
    }

    /** @throws IllegalArgumentException if the text is not {@code host:port} or {@code [ipv6]:port} */
    public static EtcdAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw notAnAddress(text);
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.contains(":")) {
            throw notAnAddress(text);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return new EtcdAddress(bracketed ? host.substring(1, host.length() - 1) : host, port);
        } catch (NumberFormatException _) {
            throw notAnAddress(text);
        }
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException(
                "etcd address '" + text + "' must be host:port or [ipv6]:port, without http://");
    }

    @Override
    public String toString() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
