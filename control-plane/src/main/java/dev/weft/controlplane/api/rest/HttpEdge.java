package dev.weft.controlplane.api.rest;

import dev.weft.controlplane.api.grpc.Protection;
import dev.weft.controlplane.authorization.Authorization;
import dev.weft.controlplane.authorization.Caller;
import dev.weft.controlplane.authorization.Decision;
import dev.weft.controlplane.callers.Peer;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.trust.Revocations;
import dev.weft.trust.KeyAndChain;
import dev.weft.trust.OwnKeyManager;
import dev.weft.trust.TrustManagers;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves HTTP: {@code GET /v1/events} as server-sent events. {@code Last-Event-ID}, or the parameter
 * {@code after_revision}, resumes after a revision; without either, what exists is listed first. Only the event loop is
 * Vert.x's; each stream has a virtual thread.
 */
public final class HttpEdge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpEdge.class);
    private static final String EVENTS = "/v1/events";
    private static final String WATCH = "weft.api.v1.ChangeService/Watch";
    private static final long LOOK_MILLIS = 2000;

    /** An instant, as in RFC 3339: as in the metadata of the gRPC API. */
    private static final String STALE_SINCE = "weft-stale-since";

    private static final int MAX_STREAMS = 256;
    private static final int START_SECONDS = 30;

    private final Store store;
    private final Supplier<Optional<Instant>> staleSince;
    private final Vertx vertx;
    private final HttpServer server;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();

    private final Protection protection;
    private final Revocations revocations;
    private final Clock clock;

    /** Connections by TLS, and who is at their other ends. */
    private final Map<HttpConnection, Peer> peers = new ConcurrentHashMap<>();

    private HttpEdge(
            Store store,
            Supplier<Optional<Instant>> staleSince,
            Protection protection,
            Revocations revocations,
            Clock clock) {
        this.store = store;
        this.staleSince = staleSince;
        this.protection = protection;
        this.revocations = revocations;
        this.clock = clock;
        this.vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(1));
        this.server = vertx.createHttpServer(options(protection));
        server.connectionHandler(this::connected);
        var unusedTimer = vertx.setPeriodic(LOOK_MILLIS, _ -> closeRejected());
        revocations.onChange(() -> vertx.runOnContext(_ -> closeRejected()));
    }

    private static HttpServerOptions options(Protection protection) {
        HttpServerOptions options = new HttpServerOptions().setTcpNoDelay(true).setIdleTimeout(0);
        return switch (protection) {
            case Protection.None() -> options;
            case Protection.Tls(Supplier<KeyAndChain> own, Supplier<List<X509Certificate>> authorities) ->
                options.setSsl(true)
                        .setKeyCertOptions(KeyCertOptions.wrap(new OwnKeyManager(own)))
                        .setTrustOptions(TrustOptions.wrap(TrustManagers.ofClients(authorities)))
                        // Nothing here is for strangers.
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        };
    }

    private void connected(HttpConnection connection) {
        Peer peer = switch (protection) {
            case Protection.None() -> Peer.unchecked(Optional.empty(), clock.instant());
            case Protection.Tls _ -> Peer.ofTls(connection.sslSession(), Optional.empty(), clock.instant());
        };
        peers.put(connection, peer);
        connection.closeHandler(_ -> peers.remove(connection));
    }

    private void closeRejected() {
        peers.forEach((connection, peer) -> {
            if (peer.isOver(revocations, clock.instant())) {
                var unusedEnd = connection.close();
            }
        });
    }

    /**
     * Begins to listen.
     *
     * @param staleSince since when this control plane may not know of changes; empty as long as it does
     * @throws IOException if the address cannot be listened on
     */
    public static HttpEdge listen(
            Store store,
            Supplier<Optional<Instant>> staleSince,
            InetSocketAddress address,
            Protection protection,
            Revocations revocations,
            Clock clock)
            throws IOException {
        HttpEdge edge = new HttpEdge(store, staleSince, protection, revocations, clock);
        try {
            edge.server.requestHandler(edge::handle);
            var _ = edge.server
                    .listen(address.getPort(), address.getHostString())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
            LOG.info("Events over HTTP at {}:{}", address.getHostString(), edge.port());
            return edge;
        } catch (ExecutionException | TimeoutException e) {
            edge.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("cannot listen on " + address + " for HTTP: " + cause.getMessage(), e);
        } catch (InterruptedException e) {
            edge.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while beginning to listen on " + address, e);
        }
    }

    /** The TCP port, which the kernel chose if the address had port 0. */
    public int port() {
        return server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        staleSince.get().ifPresent(since -> response.putHeader(STALE_SINCE, since.toString()));
        if (!EVENTS.equals(request.path())) {
            refuse(response, 404, "there is " + EVENTS + " only");
        } else if (!HttpMethod.GET.equals(request.method())) {
            refuse(response, 405, "events can be read with GET only");
        } else if (streams.size() >= MAX_STREAMS) {
            refuse(response, 503, "there are " + MAX_STREAMS + " streams already; try another replica");
        } else if (mayNot(request).isPresent()) {
            refuse(response, 403, mayNot(request).get());
        } else {
            OptionalLong after;
            try {
                after = after(request);
            } catch (IllegalArgumentException e) {
                refuse(response, 400, String.valueOf(e.getMessage()));
                return;
            }
            response.setChunked(true)
                    .putHeader("content-type", "text/event-stream; charset=utf-8")
                    .putHeader("cache-control", "no-store");
            EventStream stream = new EventStream(store, response, staleSince, clock, after, streams::remove);
            streams.add(stream);
            stream.start();
        }
    }

    /** Why the caller may not read events, which is what Watch of the gRPC API tells. */
    private Optional<String> mayNot(HttpServerRequest request) {
        Caller caller = Optional.ofNullable(peers.get(request.connection()))
                .map(peer -> peer.caller(revocations, clock.instant()))
                .orElseGet(Caller.Stranger::new);
        return switch (Authorization.decide(caller, WATCH)) {
            case Decision.Allowed() -> Optional.empty();
            case Decision.Confined(var node) -> Optional.of("node " + node + " may not read all events");
            case Decision.Unknown(String why) -> Optional.of(why);
            case Decision.Refused(String why) -> Optional.of(why);
        };
    }

    /** A client that reconnects says where it was in the header, whatever address it began with. */
    private static OptionalLong after(HttpServerRequest request) {
        String header = request.getHeader("last-event-id");
        String field = header == null || header.isEmpty() ? "after_revision" : "Last-Event-ID";
        String text = field.equals("after_revision") ? request.getParam(field) : header;
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            long revision = Long.parseLong(text);
            if (revision >= 0) {
                return OptionalLong.of(revision);
            }
        } catch (NumberFormatException _) {
            LOG.debug("Not a number in {}", field);
        }
        throw new IllegalArgumentException(field + " should be a revision, a number from 0 on");
    }

    private static void refuse(HttpServerResponse response, int status, String message) {
        var _ = response.setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end("{\"message\":\"" + message.replaceAll("[\\p{Cntrl}\"\\\\]", " ") + "\"}\n");
    }

    /** Tells all clients, then ends. */
    @Override
    public void close() {
        try {
            for (EventStream stream : streams) {
                stream.shutDown();
            }
            var _ = vertx.close().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Closing the HTTP server failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
