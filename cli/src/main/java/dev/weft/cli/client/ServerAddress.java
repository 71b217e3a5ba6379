package dev.weft.cli.client;

import dev.weft.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the API is served: {@code unix:///run/weft/node.sock} or {@code host:port}. */
public sealed interface ServerAddress {

    /** The node's own socket comes first: through it the server knows which node is meant. */
    Path NODE_SOCKET = Path.of("/run/weft/node.sock");

    Path CONTROL_PLANE_SOCKET = Path.of("/run/weft/control-plane.sock");

    /** A Unix domain socket on this machine. */
    record UnixSocket(Path path) implements ServerAddress {
        @Override
        public String toString() {
            return "unix://" + path;
        }
    }

    /** A TCP port; IPv6 addresses in brackets. */
    record Tcp(String host, int port) implements ServerAddress {
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /** The socket of the node's daemon if there is one, else that of the control plane. */
    static ServerAddress defaultAddress() {
        return new UnixSocket(Files.exists(NODE_SOCKET) ? NODE_SOCKET : CONTROL_PLANE_SOCKET);
    }

    /**
     * @throws CliException if the text has neither form
     */
    static ServerAddress parse(String text) {
        if (text.startsWith("unix://")) {
            String path = text.substring("unix://".length());
            if (!path.startsWith("/")) {
                throw CliException.usage("invalid host " + text + ": the path after unix:// must be absolute");
            }
            return new UnixSocket(Path.of(path));
        }
        String rest = text.startsWith("tcp://") ? text.substring("tcp://".length()) : text;
        int colon = rest.lastIndexOf(':');
        String host = colon < 0 ? "" : rest.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = colon < 0 ? -1 : port(rest.substring(colon + 1));
        if (host.isEmpty() || host.indexOf('/') >= 0 || port < 1 || port > 65535) {
            throw CliException.usage("invalid host " + text + ": give unix:///path or host:port");
        }
        return new Tcp(host, port);
    }

    private static int port(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException _) {
            return -1;
        }
    }
}
