package dev.weft.node.config;

import dev.weft.config.ConfigException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * Where a server listens.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {

    /**
     * Reads {@code host:port}; an IPv6 address stands in brackets.
     *
     * @throws ConfigException if it is anything else
     */
    public static HostPort parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty()
                || (!bracketed && host.indexOf(':') >= 0)
                || !port.matches("[0-9]{1,5}")
                || Integer.parseInt(port) < 1
                || Integer.parseInt(port) > 65_535) {
            throw new ConfigException(
                    "invalid " + option + " '" + text + "': it should be host:port, an IPv6 address in brackets");
        }
        return new HostPort(bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
    }

    /**
     * Reads {@code host:port,host:port,...}.
     *
     * @throws ConfigException if one is anything else, or is there twice
     */
    public static List<HostPort> parseList(String option, String text) {
        List<HostPort> all = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(each -> parse(option, each))
                .toList();
        if (new HashSet<>(all).size() != all.size()) {
            throw new ConfigException("invalid " + option + " '" + text + "': it names one address twice");
        }
        return all;
    }

    /** Resolved now. */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(host, port);
    }

    /** To be resolved when it is used. */
    public InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
