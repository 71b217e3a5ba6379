package dev.weft.node.audit;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.audit.Probe.Tuple;
import dev.weft.node.dataplane.rtnetlink.Conntrack;
import dev.weft.node.dataplane.rtnetlink.ConntrackEvents;
import dev.weft.node.dataplane.rtnetlink.model.Flow;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sends many probes at once and waits for what comes of them. Where the host's kernel leads each is read from what it
 * tells of new tracked connections, which is also how a refusal of the backend's is told from one of the host's: of both,
 * nothing is in the table any more when the probe hears of it.
 */
final class ProbeRound {

    /** Long enough for a second attempt of TCP's, which comes after one second. */
    private static final Duration PATIENCE = Duration.ofMillis(2500);

    private static final long LOOK_MILLIS = 50;

    private final NetworkNamespace host;
    private final Stranger stranger;
    private final ConntrackEvents events;
    private final Conntrack conntrack;

    /** A probe and what is known of it. */
    record Result(Probe probe, Reaction reaction, Optional<Flow> flow) {}

    /** @param events opened in the host's namespace, as the table is */
    ProbeRound(NetworkNamespace host, Stranger stranger, ConntrackEvents events, Conntrack conntrack) {
        this.host = host;
        this.stranger = stranger;
        this.events = events;
        this.conntrack = conntrack;
    }

    /** @throws AuditException if the kernel had more to tell than could be read */
    List<Result> run(List<Probe> probes) {
        List<ProbeSocket> sockets = new ArrayList<>();
        Map<Tuple, Flow> flows = new HashMap<>();
        try (Selector selector = Selector.open()) {
            try {
                open(probes, sockets);
                Set<Tuple> tuples = new HashSet<>();
                for (ProbeSocket socket : sockets) {
                    socket.tuple().ifPresent(tuples::add);
                    if (!socket.isDecided()) {
                        socket.register(selector);
                    }
                }
                await(selector, sockets, () -> note(tuples, flows));
                note(tuples, flows);
                return sockets.stream()
                        .map(socket -> new Result(
                                socket.probe(),
                                socket.reaction(),
                                socket.tuple().flatMap(tuple -> Optional.ofNullable(flows.get(tuple)))))
                        .toList();
            } finally {
                for (ProbeSocket socket : sockets) {
                    socket.close();
                }
                forget(flows);
            }
        } catch (IOException e) {
            throw new AuditException("cannot probe: " + e.getMessage(), e);
        }
    }

    private void open(List<Probe> probes, List<ProbeSocket> sockets) {
        for (Vantage vantage : Vantage.values()) {
            List<Probe> here = probes.stream()
                    .filter(probe -> probe.way().from() == vantage)
                    .toList();
            if (here.isEmpty()) {
                continue;
            }
            NetworkNamespace from = switch (vantage) {
                case LOOPBACK, HOST -> host;
                case LAN -> stranger.namespace();
            };
            NamespaceThreads.run(from, () -> {
                try {
                    for (Probe probe : here) {
                        sockets.add(ProbeSocket.send(probe, origin(probe.way())));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** What the host sends to an address of its own comes from that address. */
    private IpAddress origin(Way way) {
        return switch (way.from()) {
            case LOOPBACK, HOST -> way.to();
            case LAN -> stranger.address(way.to().family());
        };
    }

    private static void await(Selector selector, List<ProbeSocket> sockets, Runnable meanwhile) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && !sockets.stream().allMatch(ProbeSocket::isDecided)) {
            int unusedCount = selector.select(key -> ready(key), LOOK_MILLIS);
            meanwhile.run();
        }
    }

    @SuppressWarnings("unchecked") // What ProbeSocket.register attaches.
    private static void ready(SelectionKey key) {
        ((Consumer<SelectionKey>) key.attachment()).accept(key);
    }

    private void note(Set<Tuple> tuples, Map<Tuple, Flow> flows) {
        try {
            events.take(flow -> tuples.contains(Tuple.of(flow)))
                    .forEach(flow -> flows.putIfAbsent(Tuple.of(flow), flow));
        } catch (NativeException e) {
            throw new AuditException(
                    e.errno().equals(Errno.ENOBUFS)
                            ? "cannot tell where probes are led: more connections begin on this host than the kernel"
                                    + " can tell of; audit fewer ports at a time, or at a quieter time"
                            : "cannot read where probes are led: " + e.getMessage(),
                    e);
        }
    }

    /** Takes the probes out of the table, so that nothing of them counts for anybody. */
    private void forget(Map<Tuple, Flow> flows) {
        for (IpFamily family : IpFamily.values()) {
            List<Flow> own = flows.values().stream()
                    .filter(flow -> flow.source().family() == family)
                    .toList();
            if (!own.isEmpty()) {
                List<String> unusedProblems = conntrack.delete(own);
            }
        }
    }
}
