package dev.weft.controlplane.admission;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.ports.PortRemoval;
import dev.weft.controlplane.ports.PortWish;
import dev.weft.controlplane.ports.PortWish.HostPorts;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.PortBinding;
import dev.weft.net.TransportProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether wishes for ports are well-formed. The rules and words are those of Docker's {@code -p}. */
public final class PortRules {

    /** Wishes of one request, and bindings of one sandbox: a range counts as one. The sandbox is one value of the store. */
    public static final int MAX_PORTS = 16_384;

    private static final List<IpAddress> EVERYWHERE = List.of(IpAddress.parse("0.0.0.0"), IpAddress.parse("::"));

    private PortRules() {}

    /** The same, with all addresses of the host for ports that name none. */
    public static List<PortWish> check(String field, List<PortRequest> requests, Violations violations) {
        return check(field, requests, EVERYWHERE, violations);
    }

    /**
     * The wishes that are well-formed; what is wrong with the others is added to the violations.
     *
     * @param unnamed the host addresses of ports that name none
     */
    public static List<PortWish> check(
            String field, List<PortRequest> requests, List<IpAddress> unnamed, Violations violations) {
        if (requests.size() > MAX_PORTS) {
            violations.add(
                    field, Reason.TOO_MANY, requests.size() + " published ports are too many: at most " + MAX_PORTS);
            return List.of();
        }
        List<PortWish> wishes = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            check(field + "[" + i + "]", requests.get(i), unnamed, violations).ifPresent(wishes::add);
        }
        return wishes;
    }

    private static Optional<PortWish> check(
            String field, PortRequest request, List<IpAddress> unnamed, Violations violations) {
        int before = violations.list().size();
        Optional<TransportProtocol> protocol = request.protocol();
        if (protocol.isEmpty()) {
            violations.add(field + ".protocol", Reason.MALFORMED, "invalid proto: there are tcp, udp and sctp");
        }
        if (request.containerPort() == 0) {
            violations.add(field + ".container_port", Reason.REQUIRED, "no port specified: give the container's port");
        }
        checkRange(field, "container", request.containerPort(), request.containerPortEnd(), violations);
        checkRange(field, "host", request.hostPort(), request.hostPortEnd(), violations);
        List<IpAddress> addresses =
                request.hostAddress().isEmpty() ? unnamed : hostAddresses(field, request.hostAddress(), violations);
        if (violations.list().size() > before) {
            return Optional.empty();
        }
        int containers = length(request.containerPort(), request.containerPortEnd());
        int hosts = length(request.hostPort(), request.hostPortEnd());
        if (request.hostPort() != 0 && containers != hosts && containers != 1) {
            violations.add(
                    field + ".host_port_end",
                    Reason.CONFLICT,
                    "invalid ranges specified for container and host Ports: "
                            + range(request.containerPort(), request.containerPortEnd()) + " and "
                            + range(request.hostPort(), request.hostPortEnd())
                            + ": they should be of one length, or the container's a single port");
            return Optional.empty();
        }
        return Optional.of(new PortWish(
                protocol.orElseThrow(),
                addresses,
                request.containerPort(),
                containers,
                hostPorts(request, containers)));
    }

    /** Reads a wish to publish no more; what is wrong with it is added to the violations. */
    public static Optional<PortRemoval> checkRemoval(String field, PortRequest request, Violations violations) {
        int last = Math.max(request.hostPort(), request.hostPortEnd());
        if (request.hostPort() < 1
                || last > PortBinding.MAX_PORT
                || request.protocol().isEmpty()) {
            violations.add(
                    field + ".host_port",
                    Reason.MALFORMED,
                    "invalid hostPort: say which host port to remove, 1 to 65535, of tcp, udp or sctp");
            return Optional.empty();
        }
        Optional<IpAddress> address = Optional.empty();
        if (!request.hostAddress().isEmpty()) {
            try {
                address = Optional.of(IpAddress.parse(request.hostAddress()));
            } catch (IllegalArgumentException e) {
                violations.add(
                        field + ".host_address",
                        Reason.MALFORMED,
                        "invalid IP address: " + Violations.shown(request.hostAddress()));
                return Optional.empty();
            }
        }
        return Optional.of(new PortRemoval(
                request.protocol().orElseThrow(), address, request.hostPort(), last, request.containerPort()));
    }

    private static HostPorts hostPorts(PortRequest request, int containers) {
        if (request.hostPort() == 0) {
            return new HostPorts.Any();
        }
        int last = Math.max(request.hostPort(), request.hostPortEnd());
        return containers == 1 && last > request.hostPort()
                ? new HostPorts.OneOf(request.hostPort(), last)
                : new HostPorts.Exactly(request.hostPort());
    }

    private static void checkRange(String field, String side, int first, int last, Violations violations) {
        String path = field + "." + side + "_port";
        if (first < 0 || first > PortBinding.MAX_PORT) {
            violations.add(path, Reason.OUT_OF_RANGE, invalid(side, first) + ": it should be 1 to 65535");
        } else if (last < 0 || last > PortBinding.MAX_PORT) {
            violations.add(path + "_end", Reason.OUT_OF_RANGE, invalid(side, last) + ": it should be 1 to 65535");
        } else if (last != 0 && (first == 0 || last < first)) {
            violations.add(
                    path + "_end",
                    Reason.MALFORMED,
                    "invalid " + side + "Port: the range " + first + "-" + last + " ends before it begins");
        }
    }

    private static String invalid(String side, int port) {
        return "invalid " + side + "Port: " + Integer.toUnsignedString(port);
    }

    private static List<IpAddress> hostAddresses(String field, String text, Violations violations) {
        String path = field + ".host_address";
        try {
            IpAddress address = IpAddress.parse(text);
            Optional<Violation> problem = addressProblem(path, address);
            problem.ifPresent(found -> violations.add(found.field(), found.reason(), found.message()));
            return problem.isPresent() ? List.of() : List.of(address);
        } catch (IllegalArgumentException e) {
            violations.add(path, Reason.MALFORMED, "invalid IP address: " + Violations.shown(text));
            return List.of();
        }
    }

    /** Why no port can be published on the address, if so. */
    static Optional<Violation> addressProblem(String field, IpAddress address) {
        if (address.isMulticast() || address.isLinkLocal()) {
            return Optional.of(new Violation(
                    field,
                    Reason.OUT_OF_RANGE,
                    "invalid IP address: " + address + ": ports are published on unicast addresses with a meaning"
                            + " beyond one link"));
        }
        if (address.family() == IpFamily.IPV6 && address.isLoopback()) {
            return Optional.of(new Violation(
                    field,
                    Reason.UNSUPPORTED,
                    "a port on ::1 cannot lead into a sandbox: the kernel lets no IPv6 loopback address leave the host;"
                            + " publish on 127.0.0.1"));
        }
        return Optional.empty();
    }

    private static int length(int first, int last) {
        return Math.max(first, last) - first + 1;
    }

    private static String range(int first, int last) {
        return last > first ? first + "-" + last : String.valueOf(first);
    }
}
