package dev.weft.net;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Ports of a host's address that lead into a sandbox: {@code count} host ports from {@code hostPort} on, each to its
 * counterpart.
 *
 * @param hostAddress 0.0.0.0 or {@code ::} for all addresses of its family
 * @param hostPort the first one, 1 to 65535
 * @param containerPort the first one, 1 to 65535
 * @param count 1 or more
 */
public record PortBinding(TransportProtocol protocol, IpAddress hostAddress, int hostPort, int containerPort, int count)
        implements Comparable<PortBinding> {

    public static final int MAX_PORT = 65_535;

    private static final Comparator<PortBinding> ORDER = Comparator.comparing(PortBinding::protocol)
            .thenComparing(PortBinding::hostAddress)
            .thenComparingInt(PortBinding::hostPort)
            .thenComparingInt(PortBinding::containerPort)
            .thenComparingInt(PortBinding::count);

    public PortBinding {
        if (hostPort < 1 || containerPort < 1 || count < 1 || count > MAX_PORT) {
            throw new IllegalArgumentException("invalid port: ports are numbered from 1");
        }
        if (hostPort + count - 1 > MAX_PORT || containerPort + count - 1 > MAX_PORT) {
            throw new IllegalArgumentException("invalid port range: it ends beyond " + MAX_PORT);
        }
    }

    public int lastHostPort() {
        return hostPort + count - 1;
    }

    public int lastContainerPort() {
        return containerPort + count - 1;
    }

    /** Whether one host cannot have both: an address and its family's wildcard exclude each other, as with sockets. */
    public boolean conflictsWith(PortBinding other) {
        return protocol == other.protocol
                && hostAddress.family() == other.hostAddress.family()
                && (hostAddress.equals(other.hostAddress)
                        || hostAddress.isUnspecified()
                        || other.hostAddress.isUnspecified())
                && hostPort <= other.lastHostPort()
                && other.hostPort <= lastHostPort();
    }

    /** The first {@code length} ports from the index on. */
    public PortBinding part(int index, int length) {
        return new PortBinding(protocol, hostAddress, hostPort + index, containerPort + index, length);
    }

    /** What is left of it without host ports from {@code first} to {@code last}: none, one or two bindings. */
    public List<PortBinding> without(int first, int last) {
        List<PortBinding> rest = new ArrayList<>();
        if (hostPort < first) {
            rest.add(part(0, Math.min(count, first - hostPort)));
        }
        if (lastHostPort() > last) {
            int from = Math.max(hostPort, last + 1);
            rest.add(part(from - hostPort, lastHostPort() - from + 1));
        }
        return rest;
    }

    @Override
    public int compareTo(PortBinding other) {
        return ORDER.compare(this, other);
    }

    /** As {@code docker ps} writes it: {@code 0.0.0.0:8080->80/tcp}, {@code [::]:8000-8005->8000-8005/udp}. */
    @Override
    public String toString() {
        return hostAddressAndPorts() + "->" + range(containerPort, lastContainerPort()) + "/" + protocol;
    }

    /** {@code 127.0.0.1:8080}, {@code [::1]:8000-8005}. */
    public String hostAddressAndPorts() {
        String address = hostAddress.family() == IpFamily.IPV6 ? "[" + hostAddress + "]" : hostAddress.toString();
        return address + ":" + range(hostPort, lastHostPort());
    }

    private static String range(int first, int last) {
        return first == last ? String.valueOf(first) : first + "-" + last;
    }
}
