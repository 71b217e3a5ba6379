package dev.weft.node.audit;

import dev.weft.net.PortBinding;
import dev.weft.node.dataplane.rtnetlink.Conntrack;
import dev.weft.node.dataplane.rtnetlink.ConntrackEvents;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.reconcile.PortTarget;
import dev.weft.node.reconcile.RowIndex;
import dev.weft.node.sysctl.SysctlKey;
import dev.weft.node.sysctl.Sysctls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Finds out by trying from where the published ports of one host are reached. What a service gets to see of it is a
 * connection that is reset at once, or a datagram of one byte.
 */
final class PortAuditor implements AutoCloseable {

    /** So many probes are under way at once. */
    private static final int ROUND = 256;

    private static final SysctlKey EVENTS = SysctlKey.of("net", "netfilter", "nf_conntrack_events");

    private final NetworkNamespace host;
    private final Rtnetlink rtnetlink;
    private final Conntrack conntrack;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    private PortAuditor(NetworkNamespace host, Rtnetlink rtnetlink, Conntrack conntrack) {
        this.host = host;
        this.rtnetlink = rtnetlink;
        this.conntrack = conntrack;
    }

    /** For the host whose namespace the calling thread is in. Takes away what an interrupted audit left there. */
    static PortAuditor open() {
        PortAuditor auditor = new PortAuditor(NetworkNamespace.current(), Rtnetlink.open(), Conntrack.open());
        Stranger.removeLeft(auditor.rtnetlink);
        return auditor;
    }

    /** Hears of an audit as it goes on, on the thread that asked for it. */
    interface Listener {

        void progress(int auditedPorts, int totalPorts);

        void found(Finding finding);

        /** Asked between rounds. */
        boolean isCancelled();
    }

    private record Port(SandboxRow sandbox, PortBinding binding, PortTarget target, Set<Way> ways) {}

    /**
     * Audits the ports of sandboxes. Returns when all are told.
     *
     * @param rows what this host should be, the sandboxes among it
     * @throws AuditException if it cannot be done, or not to the end
     */
    void audit(List<SandboxRow> sandboxes, RowIndex rows, Listener listener) {
        if (!oneAtATime.tryLock()) {
            throw new AuditException("another audit runs on this node: try again when it is over");
        }
        try {
            audit(sandboxes, rows, new Joiner(listener));
        } catch (NativeException e) {
            throw new AuditException("cannot probe: " + e.getMessage(), e);
        } finally {
            oneAtATime.unlock();
        }
    }

    private void audit(List<SandboxRow> sandboxes, RowIndex rows, Joiner joiner) {
        List<Port> ports = new ArrayList<>();
        List<Finding> settled = new ArrayList<>();
        HostAddresses addresses = HostAddresses.of(rtnetlink);
        sandboxes.forEach(
                sandbox -> sandbox.ports().forEach(binding -> sort(sandbox, binding, rows, addresses, ports, settled)));
        int total = ports.size()
                + settled.stream()
                        .mapToInt(finding -> finding.binding().count())
                        .sum();
        joiner.begin(total);
        settled.forEach(joiner::found);
        if (ports.isEmpty()) {
            joiner.end();
            return;
        }
        requireEvents();
        try (Stranger stranger = Stranger.beside(rtnetlink, addresses);
                ConntrackEvents events = NamespaceThreads.call(host, ConntrackEvents::open)) {
            ProbeRound round = new ProbeRound(host, stranger, events, conntrack);
            int next = 0;
            while (next < ports.size() && !joiner.isCancelled()) {
                int first = next;
                int probes = 0;
                while (next < ports.size()
                        && (next == first || probes + ports.get(next).ways().size() <= ROUND)) {
                    probes += ports.get(next).ways().size();
                    next++;
                }
                audit(ports.subList(first, next), round, joiner);
            }
        }
        joiner.end();
    }

    /** What need not be probed is settled; of the rest, each port by itself. */
    private static void sort(
            SandboxRow sandbox,
            PortBinding binding,
            RowIndex rows,
            HostAddresses addresses,
            List<Port> ports,
            List<Finding> settled) {
        Optional<PortTarget> target =
                PortTarget.of(sandbox.id(), binding.hostAddress().family(), rows);
        if (target.isEmpty()) {
            settled.add(Finding.inactive(
                    sandbox,
                    binding,
                    target,
                    "leads nowhere: the sandbox has no endpoint that provides its "
                            + binding.hostAddress().family() + " default route"));
        } else if (!target.get().isTranslated()) {
            settled.add(Finding.inactive(
                    sandbox,
                    binding,
                    target,
                    "network " + target.get().network().name()
                            + " translates no addresses: the port is reached at the sandbox's own, not the host's"));
        } else if (!ProbeSocket.speaks(binding.protocol())) {
            settled.add(Finding.unproven(
                    sandbox, binding, target.get(), "ports of " + binding.protocol() + " are not probed"));
        } else {
            Set<Way> ways = Ways.of(binding.hostAddress(), addresses.outward());
            for (int i = 0; i < binding.count(); i++) {
                ports.add(new Port(sandbox, binding.part(i, 1), target.get(), ways));
            }
        }
    }

    private void requireEvents() {
        new Sysctls(host).read(EVENTS).filter(value -> value.equals("0")).ifPresent(off -> {
            throw new AuditException("cannot tell where probes are led: the kernel's sysctl " + EVENTS
                    + " is 0; set it to 2, its default");
        });
    }

    private static void audit(List<Port> ports, ProbeRound round, Joiner joiner) {
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            PortBinding binding = ports.get(i).binding();
            for (Way way : ports.get(i).ways()) {
                probes.add(new Probe(i, way, binding.protocol(), binding.hostPort()));
            }
        }
        Map<Integer, List<ProbeRound.Result>> results = round.run(probes).stream()
                .collect(Collectors.groupingBy(result -> result.probe().index()));
        for (int i = 0; i < ports.size(); i++) {
            Port port = ports.get(i);
            Sighting.Backend backend =
                    new Sighting.Backend(port.target().address(), port.binding().containerPort());
            List<Sighting> sightings = results.getOrDefault(i, List.of()).stream()
                    .map(result -> Sighting.of(result.probe().way(), result.reaction(), result.flow(), backend))
                    .toList();
            joiner.found(Finding.proven(port.sandbox(), port.binding(), port.target(), sightings));
        }
        joiner.tellProgress();
    }

    /** Tells of neighbors in one where it can, and counts. */
    private static final class Joiner {

        private final Listener listener;
        private Optional<Finding> last = Optional.empty();
        private int audited;
        private int total;

        Joiner(Listener listener) {
            this.listener = listener;
        }

        void begin(int ports) {
            total = ports;
            tellProgress();
        }

        void found(Finding finding) {
            audited += finding.binding().count();
            Optional<Finding> joined = last.flatMap(before -> before.joined(finding));
            if (joined.isEmpty()) {
                last.ifPresent(listener::found);
            }
            last = Optional.of(joined.orElse(finding));
        }

        void tellProgress() {
            listener.progress(audited, total);
        }

        boolean isCancelled() {
            return listener.isCancelled();
        }

        void end() {
            last.ifPresent(listener::found);
            last = Optional.empty();
        }
    }

    @Override
    public void close() {
        conntrack.close();
        rtnetlink.close();
        host.close();
    }
}
