package dev.weft.node.dataplane.linux;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.TransportProtocol;
import dev.weft.node.dataplane.nftables.NftablesException;
import dev.weft.node.dataplane.rtnetlink.Conntrack;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.dataplane.rtnetlink.model.Flow;
import dev.weft.node.kernel.KernelObject;
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
import java.util.stream.Collectors;
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
 * What was lost with a table that somebody removed, or changed while no daemon ran, is told by no change: then all connections
 * are compared with the table as a whole. All others are left alone.
 */
final class StaleFlows implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StaleFlows.class);

    private final Conntrack conntrack;
    private final Rtnetlink host;
    private boolean compared;

    /** A port of any address. */
    private record Port(int protocol, int port) {}

    /** @param host stays the caller's to close */
    StaleFlows(Conntrack conntrack, Rtnetlink host) {
        this.conntrack = conntrack;
        this.host = host;
    }

    /**
     * Ends what no port leads any more, by comparison with the whole table; only the first time in the daemon's life, and after
     * the table was made anew. To be called when the table is as it should be.
     *
     * @param read the table and its elements
     */
    void compareOnce(Supplier<List<KernelObject>> read) {
        if (compared) {
            return;
        }
        try {
            PortTable table = PortTable.of(read.get().stream()
                    .filter(FirewallElement.class::isInstance)
                    .map(FirewallElement.class::cast)
                    .toList());
            Set<IpAddress> own = ownAddresses();
            for (IpFamily family : IpFamily.values()) {
                end(family, flow -> table.isGhost(flow, own));
            }
            compared = true;
        } catch (NativeException | NftablesException e) {
            LOG.warn("connections of former ports may go on to their old target: {}", e.getMessage());
        }
    }

    private Set<IpAddress> ownAddresses() {
        return host.addresses().stream()
                .map(address -> address.address().address())
                .collect(Collectors.toSet());
    }

    void endAfter(Operation.ChangeFirewall change) {
        compared &= change.rebuild().isEmpty();
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
        Set<IpAddress> own = begun.isEmpty() ? Set.of() : ownAddresses();
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
                .anyMatch(forward -> PortTable.reaches(forward, flow)
                        && flow.answerer().equals(forward.target())
                        && flow.answererPort() == forward.targetPort());
    }

    private static boolean missed(Flow flow, Map<Port, Set<PortForward>> begun, Set<IpAddress> own) {
        return !flow.isTranslated()
                && begun.getOrDefault(new Port(flow.protocol(), flow.destinationPort()), Set.of()).stream()
                        .anyMatch(forward -> PortTable.reaches(forward, flow))
                && own.contains(flow.destination());
    }

    @Override
    public void close() {
        conntrack.close();
    }
}
