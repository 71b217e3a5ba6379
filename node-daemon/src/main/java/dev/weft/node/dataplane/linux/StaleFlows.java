package dev.weft.node.dataplane.linux;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.TransportProtocol;
import dev.weft.node.dataplane.rtnetlink.Conntrack;
import dev.weft.node.dataplane.rtnetlink.model.Flow;
import dev.weft.node.kernel.KernelObject.FirewallElement;
import dev.weft.node.kernel.Operation;
import dev.weft.node.kernel.PortForward;
import dev.weft.node.nativelib.NativeException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections that were tracked before a port's way changed: the kernel asks the rules for a connection's first
 * packet only. After the change, as a packet before it would have made a new entry of the old kind:
 *
 * <ul>
 *   <li>those led to where a port leads no more;
 *   <li>of protocols without a beginning, those to a newly published port that went to the host itself: a client that
 *       goes on sending would never reach the sandbox.
 * </ul>
 *
 * All others are left alone.
 */
final class StaleFlows implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StaleFlows.class);

    private final Conntrack conntrack;
    private final Supplier<Set<IpAddress>> ownAddresses;

    /** A port of any address. */
    private record Port(int protocol, int port) {}

    /** @param ownAddresses those of the host */
    StaleFlows(Conntrack conntrack, Supplier<Set<IpAddress>> ownAddresses) {
        this.conntrack = conntrack;
        this.ownAddresses = ownAddresses;
    }

    void endAfter(Operation.ChangeFirewall change) {
        Set<FirewallElement> stay = new HashSet<>(change.add());
        List<PortForward> ended = forwards(change.remove().stream()
                .filter(element -> !stay.contains(element))
                .toList());
        List<PortForward> begun = forwards(change.add()).stream()
                .filter(forward -> forward.port().protocol() != TransportProtocol.TCP)
                .toList();
        if (ended.isEmpty() && begun.isEmpty()) {
            return;
        }
        Map<Port, Set<PortForward>> endedByPort = byPort(ended);
        Map<Port, Set<PortForward>> begunByPort = byPort(begun);
        Set<IpAddress> own = begun.isEmpty() ? Set.of() : ownAddresses.get();
        for (IpFamily family : IpFamily.values()) {
            if (concerns(ended, family) || concerns(begun, family)) {
                end(family, flow -> leadsTo(flow, endedByPort) || missed(flow, begunByPort, own));
            }
        }
    }

    private void end(IpFamily family, java.util.function.Predicate<Flow> stale) {
        try {
            List<Flow> flows = conntrack.list(family, stale);
            List<String> problems = flows.isEmpty() ? List.of() : conntrack.delete(flows);
            if (!problems.isEmpty()) {
                LOG.warn(
                        "{} of {} connections of changed ports go on to their old target: {}",
                        problems.size(),
                        flows.size(),
                        problems.getFirst());
            }
        } catch (NativeException e) {
            LOG.warn("connections of changed ports may go on to their old target: {}", e.getMessage());
        }
    }

    private static List<PortForward> forwards(List<FirewallElement> elements) {
        return elements.stream()
                .flatMap(element -> PortForward.of(element).stream())
                .toList();
    }

    private static Map<Port, Set<PortForward>> byPort(List<PortForward> forwards) {
        Map<Port, Set<PortForward>> byPort = new HashMap<>();
        for (PortForward forward : forwards) {
            byPort.computeIfAbsent(
                            new Port(
                                    forward.port().protocol().number(),
                                    forward.port().port()),
                            _ -> new HashSet<>())
                    .add(forward);
        }
        return byPort;
    }

    private static boolean concerns(List<PortForward> forwards, IpFamily family) {
        return forwards.stream().anyMatch(forward -> forward.target().family() == family);
    }

    private static boolean leadsTo(Flow flow, Map<Port, Set<PortForward>> ended) {
        return ended.getOrDefault(new Port(flow.protocol(), flow.destinationPort()), Set.of()).stream()
                .anyMatch(forward -> wasSentTo(forward, flow)
                        && flow.answerer().equals(forward.target())
                        && flow.answererPort() == forward.targetPort());
    }

    private static boolean missed(Flow flow, Map<Port, Set<PortForward>> begun, Set<IpAddress> own) {
        return !flow.isTranslated()
                && begun.getOrDefault(new Port(flow.protocol(), flow.destinationPort()), Set.of()).stream()
                        .anyMatch(forward -> wasSentTo(forward, flow))
                && own.contains(flow.destination());
    }

    private static boolean wasSentTo(PortForward forward, Flow flow) {
        IpAddress address = forward.port().address();
        return address.family() == flow.destination().family()
                && (address.isUnspecified() || address.equals(flow.destination()));
    }

    @Override
    public void close() {
        conntrack.close();
    }
}
