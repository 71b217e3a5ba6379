package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.callers.Peer;
import dev.weft.controlplane.trust.Revocations;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import java.net.SocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All open connections, and whether their other ends' certificates still count. A connection whose certificate is revoked, or
 * expires without having been renewed, is closed with all its streams.
 */
final class Peers implements AutoCloseable {

    /** The peer of a call's connection. */
    static final Attributes.Key<Peer> KEY = Attributes.Key.create("weft-peer");

    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    /** How long after its end a certificate, or a revocation that came between two events, is noticed. */
    private static final int LOOK_SECONDS = 2;

    private final Revocations revocations;
    private final Clock clock;
    private final TrackedServerChannel.Connections connections = new TrackedServerChannel.Connections();
    private final Set<Peer> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("peers").factory());

    Peers(Revocations revocations, Clock clock) {
        this.revocations = revocations;
        this.clock = clock;
        revocations.onChange(this::lookSoon);
        var unused = timer.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** How a connection came. */
    enum Transport {
        UNIX,
        PLAIN,
        TLS
    }

    TrackedServerChannel.Connections connections() {
        return connections;
    }

    Revocations revocations() {
        return revocations;
    }

    Clock clock() {
        return clock;
    }

    /** Learns of the connections of one server. */
    ServerTransportFilter filter(Transport kind) {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes transport) {
                Optional<SocketAddress> remote = Optional.ofNullable(transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
                Peer peer = switch (kind) {
                    case UNIX -> Peer.ofUnixSocket(clock.instant());
                    case PLAIN -> Peer.unchecked(remote, clock.instant());
                    case TLS -> Peer.ofTls(transport.get(Grpc.TRANSPORT_ATTR_SSL_SESSION), remote, clock.instant());
                };
                if (kind == Transport.TLS) {
                    open.add(peer);
                }
                return transport.toBuilder().set(KEY, peer).build();
            }

            @Override
            public void transportTerminated(@Nullable Attributes transport) {
                Optional.ofNullable(transport)
                        .map(attributes -> attributes.get(KEY))
                        .ifPresent(open::remove);
            }
        };
    }

    private void lookSoon() {
        if (!timer.isShutdown()) {
            timer.execute(this::look);
        }
    }

    private void look() {
        try {
            for (Peer peer : open) {
                if (peer.isOver(revocations, clock.instant())) {
                    LOG.info(
                            "The connection of {} from {} is closed: its certificate does not count",
                            peer.caller(revocations, clock.instant()).text(),
                            peer.address());
                    peer.remote().ifPresent(connections::close);
                }
            }
        } catch (RuntimeException e) {
            LOG.error("Looking at open connections failed; it is tried again", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
