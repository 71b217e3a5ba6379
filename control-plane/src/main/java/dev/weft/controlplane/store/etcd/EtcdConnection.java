package dev.weft.controlplane.store.etcd;

import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.etcd.EtcdErrors.Effect;
import dev.weft.controlplane.store.etcd.EtcdErrors.Sent;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ClientStreamTracer;
import io.grpc.Deadline;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls to one etcd server at a time, and to the next one when it does not answer. A call is sent again only if it cannot
 * have had an effect. Every call is refused by a server that knows of no leader, rather than left to hang.
 */
final class EtcdConnection implements AutoCloseable {

    /** Larger than any page of a listing can be. */
    private static final int MAX_MESSAGE_BYTES = 1 << 30;

    /** A call that finds a connection dead is tried once more on a new one, even if there is but one server. */
    private static final int LEAST_ATTEMPTS = 2;

    /** Between two rounds over all servers. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** A server whose host is gone says nothing: the next one should have its turn within the call's time. */
    private static final int CONNECT_MILLIS = 2_000;

    /** Not below etcd's {@code --grpc-keepalive-min-time} of 5 s, or it would hang up. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);

    private final List<EtcdAddress> servers;
    private final Duration callTimeout;

    /** For what may be asked twice: a server whose leader has died says nothing, and another one may know the next. */
    private final Duration patience;

    private final Metadata requireLeader = new Metadata();
    private final Object lock = new Object();

    /** When a call last succeeded, or this was opened. */
    private volatile long succeededNanoTime = System.nanoTime();

    // Guarded by lock.
    private int current;
    private @Nullable Link link;
    private boolean closed;

    /** A channel to a server. */
    record Link(EtcdAddress server, ManagedChannel transport, Channel channel) implements AutoCloseable {
        @Override
        public void close() {
            transport.shutdownNow();
        }
    }

    EtcdConnection(List<EtcdAddress> servers, Duration callTimeout) {
        this.servers = servers;
        this.callTimeout = callTimeout;
        this.patience = callTimeout.multipliedBy(Math.min(servers.size(), 2));
        requireLeader.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    }

    <Q, A> A read(String attempt, MethodDescriptor<Q, A> method, Q request) {
        return call(attempt, Effect.READ, method, request);
    }

    <Q, A> A write(String attempt, MethodDescriptor<Q, A> method, Q request) {
        return call(attempt, Effect.WRITE, method, request);
    }

    private <Q, A> A call(String attempt, Effect effect, MethodDescriptor<Q, A> method, Q request) {
        Deadline deadline =
                Deadline.after((effect == Effect.READ ? patience : callTimeout).toNanos(), TimeUnit.NANOSECONDS);
        int round = Math.max(LEAST_ATTEMPTS, servers.size());
        for (int attempts = 1; true; attempts++) {
            Link used = link(attempt);
            SentTracker tracker = new SentTracker();
            Deadline ofAttempt = Deadline.after(callTimeout.toNanos(), TimeUnit.NANOSECONDS);
            CallOptions options = CallOptions.DEFAULT
                    .withDeadline(ofAttempt.minimum(deadline))
                    .withStreamTracerFactory(tracker);
            try {
                A answer = ClientCalls.blockingUnaryCall(used.channel(), method, options, request);
                succeededNanoTime = System.nanoTime();
                return answer;
            } catch (StatusRuntimeException e) {
                Status status = e.getStatus();
                Sent sent = tracker.sent ? Sent.PERHAPS : Sent.NO;
                Kind kind = EtcdErrors.kind(status, sent, effect);
                boolean serverFailed = kind == Kind.UNAVAILABLE || kind == Kind.OUTCOME_UNKNOWN;
                if (serverFailed) {
                    moveOn(used);
                }
                boolean again = kind == Kind.UNAVAILABLE
                        && (attempts < round || wasThereLately())
                        && !deadline.isExpired()
                        && !isClosed()
                        && !Thread.currentThread().isInterrupted();
                if (!again || (attempts % round == 0 && !pause())) {
                    throw failure(kind, sent, attempt, used.server(), e);
                }
            }
        }
    }

    /**
     * A cluster that has just worked is choosing its next leader, or its servers are restarted one by one: that is
     * waited for, as long as the call may take. One that has been away for longer refuses at once.
     */
    private boolean wasThereLately() {
        return System.nanoTime() - succeededNanoTime < patience.toNanos();
    }

    /** Returns false if interrupted. */
    private static boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private StoreException failure(Kind kind, Sent sent, String attempt, EtcdAddress server, StatusRuntimeException e) {
        boolean closing = isClosed() && (kind == Kind.UNAVAILABLE || sent == Sent.NO);
        return closing ? closed(attempt) : EtcdErrors.exception(kind, attempt, server, e);
    }

    /** A connection of its own, so that resuming a stalled watch does not meet the stalled connection again. */
    Link openForWatch() {
        EtcdAddress server;
        synchronized (lock) {
            server = servers.get(current);
        }
        return open(server);
    }

    /** The next calls go to the next server, over a new connection. */
    void moveOn(EtcdAddress failed) {
        synchronized (lock) {
            if (servers.get(current).equals(failed)) {
                current = (current + 1) % servers.size();
                drop();
            }
        }
    }

    private void moveOn(Link failed) {
        synchronized (lock) {
            if (link == failed) {
                moveOn(failed.server());
            }
        }
    }

    private Link link(String attempt) {
        synchronized (lock) {
            if (closed) {
                throw closed(attempt);
            }
            Link open = link;
            if (open == null) {
                open = open(servers.get(current));
                link = open;
            }
            return open;
        }
    }

    private Link open(EtcdAddress server) {
        ManagedChannel transport = NettyChannelBuilder.forAddress(
                        server.host(), server.port(), InsecureChannelCredentials.create())
                .disableRetry()
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .build();
        return new Link(
                server,
                transport,
                ClientInterceptors.intercept(transport, MetadataUtils.newAttachHeadersInterceptor(requireLeader)));
    }

    /** Calls in progress on it may still end well. */
    private void drop() {
        Link dropped = link;
        if (dropped != null) {
            dropped.transport().shutdown();
            link = null;
        }
    }

    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private StoreException closed(String attempt) {
        return new StoreException(Kind.CLOSED, attempt + " on etcd " + servers + ": the store was closed", null);
    }

    void requireOpen(String attempt) {
        if (isClosed()) {
            throw closed(attempt);
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (link != null) {
                link.close();
                link = null;
            }
        }
    }

    /** Notes when a call is given to a connection: before that, the server cannot have seen it. */
    private static final class SentTracker extends ClientStreamTracer.Factory {
        private volatile boolean sent;

        @Override
        public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void streamCreated(Attributes transportAttributes, Metadata sentHeaders) {
                    sent = true;
                }
            };
        }
    }
}
