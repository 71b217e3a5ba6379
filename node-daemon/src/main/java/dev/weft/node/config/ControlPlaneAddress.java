package dev.weft.node.config;

import java.nio.file.Path;

/** Where the control plane is. */
public sealed interface ControlPlaneAddress permits HostPort, ControlPlaneAddress.UnixSocket {

    /** On this host, by its unix socket: whoever may open that is trusted, and needs no certificate. */
    record UnixSocket(Path path) implements ControlPlaneAddress {
        @Override
        public String toString() {
            return "unix://" + path;
        }
    }

    /**
     * Reads {@code host:port} or {@code unix:///path}.
     *
     * @param option names it in messages
     * @throws ConfigException if it is neither
     */
    static ControlPlaneAddress parse(String option, String text) {
        if (!text.startsWith("unix://")) {
            return HostPort.parse(option, text);
        }
        Path path = Path.of(text.substring("unix://".length()));
        if (!path.isAbsolute()) {
            throw new ConfigException("invalid " + option + " '" + text + "': the path after unix:// must be absolute");
        }
        return new UnixSocket(path);
    }
}
