package dev.weft.node.dataplane.linux;

import dev.weft.node.kernel.KernelObject.HostPort;
import dev.weft.node.kernel.OperationResult;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.FileDescriptor;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.nativelib.PortSockets;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The host's ports that the daemon holds. They are let go when the process ends, and taken again by the next one. */
final class HostPorts implements AutoCloseable {

    private final NetworkNamespace host;
    private final Map<HostPort, FileDescriptor> sockets = new HashMap<>();
    private Optional<Boolean> callerIsThere = Optional.empty();

    /** @param host stays the caller's to close */
    HostPorts(NetworkNamespace host) {
        this.host = host;
    }

    List<HostPort> held() {
        return List.copyOf(sockets.keySet());
    }

    /** Quick when the calling thread is in the host's namespace, as the daemon's threads are. */
    OperationResult hold(HostPort port) {
        if (sockets.containsKey(port)) {
            return OperationResult.DONE;
        }
        if (callerIsThere.isEmpty()) {
            try (NetworkNamespace here = NetworkNamespace.current()) {
                callerIsThere = Optional.of(here.id().equals(host.id()));
            }
        }
        return callerIsThere.get() ? holdHere(port) : NamespaceThreads.call(host, () -> holdHere(port));
    }

    private OperationResult holdHere(HostPort port) {
        try {
            sockets.put(port, PortSockets.hold(port.protocol(), port.address(), port.port()));
            return OperationResult.DONE;
        } catch (NativeException e) {
            return new OperationResult.Failed("failed to bind host port " + port.shown() + ": " + reason(port, e));
        }
    }

    private static String reason(HostPort port, NativeException e) {
        if (e.errno().equals(Errno.EADDRINUSE)) {
            return "address already in use by " + PortOwners.of(port);
        }
        if (e.errno().equals(Errno.EPROTONOSUPPORT) || e.errno().equals(Errno.ESOCKTNOSUPPORT)) {
            return "this host's kernel has no " + port.protocol() + " ("
                    + e.errno().name() + "); load its module";
        }
        return e.errno().toString();
    }

    OperationResult release(HostPort port) {
        FileDescriptor socket = sockets.remove(port);
        if (socket != null) {
            socket.close();
        }
        return OperationResult.DONE;
    }

    @Override
    public void close() {
        sockets.values().forEach(FileDescriptor::close);
        sockets.clear();
    }
}
