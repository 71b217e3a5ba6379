package dev.weft.node.config;

import dev.weft.config.ConfigException;
import dev.weft.config.HostPort;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Where the control plane is. */
public sealed interface ControlPlaneAddress {

    /**
     * By TCP.
     *
     * @param addresses where its replicas listen; at least one
     */
    record Replicas(List<HostPort> addresses) implements ControlPlaneAddress {

        public Replicas {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("the control plane has at least one address");
            }
        }

        @Override
        public String toString() {
            return addresses.stream().map(HostPort::toString).collect(Collectors.joining(", "));
        }
    }

    /** On this host, by its unix socket: whoever may open that is trusted, and needs no certificate. */
    record UnixSocket(Path path) implements ControlPlaneAddress {
        @Override
        public String toString() {
            return "unix://" + path;
        }
    }

    /**
     * Reads {@code host:port,host:port,...} or {@code unix:///path}.
     *
     * @param option names it in messages
     * @throws ConfigException if it is neither
     */
    static ControlPlaneAddress parse(String option, String text) {
        if (!text.startsWith("unix://")) {
            return new Replicas(replicas(option, text));
        }
        try {
            Path path = Path.of(text.substring("unix://".length()));
            if (path.isAbsolute()) {
                return new UnixSocket(path);
            }
        } catch (InvalidPathException e) {
            throw new ConfigException("invalid " + option + ": " + e.getMessage(), e);
        }
        throw new ConfigException("invalid " + option + " '" + text + "': the path after unix:// must be absolute");
    }

    private static List<HostPort> replicas(String option, String text) {
        List<HostPort> all;
        try {
            all = Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .map(HostPort::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new ConfigException("invalid " + option + ": " + e.getMessage(), e);
        }
        if (all.stream().anyMatch(address -> address.port() == 0)) {
            throw new ConfigException("invalid " + option + " '" + text + "': there is nobody at port 0");
        }
        if (new HashSet<>(all).size() != all.size()) {
            throw new ConfigException("invalid " + option + " '" + text + "': it names one address twice");
        }
        return all;
    }
}
