package dev.weft.controlplane.api.rest;

import dev.weft.ops.Readiness;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves operators over HTTP: {@code GET /healthz} (the process runs), {@code /readyz} (it can do its work; 503 and the
 * reasons when not) and {@code /metrics}. Asks for no login and tells nothing secret, but how much there is of everything:
 * an address of its own, for those who watch.
 */
public final class OperationsEdge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperationsEdge.class);
    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int START_SECONDS = 30;
    private static final int IDLE_SECONDS = 60;

    private final Supplier<Readiness> readiness;
    private final Supplier<String> metrics;
    private final Vertx vertx;
    private final HttpServer server;

    private OperationsEdge(Supplier<Readiness> readiness, Supplier<String> metrics) {
        this.readiness = readiness;
        this.metrics = metrics;
        this.vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(1));
        this.server = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS));
    }

    /**
     * Begins to listen.
     *
     * @param metrics in Prometheus's text format; may take as long as counting everything does
     * @throws IOException if the address cannot be listened on
     */
    public static OperationsEdge listen(
            InetSocketAddress address, Supplier<Readiness> readiness, Supplier<String> metrics) throws IOException {
        OperationsEdge edge = new OperationsEdge(readiness, metrics);
        try {
            edge.server.requestHandler(edge::handle);
            var _ = edge.server
                    .listen(address.getPort(), address.getHostString())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
            LOG.info("Health and metrics at {}:{}", address.getHostString(), edge.port());
            return edge;
        } catch (ExecutionException | TimeoutException e) {
            edge.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort()
                            + " for health and metrics: " + cause.getMessage(),
                    e);
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
        if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
            answer(response, 405, new JsonObject().put("message", "GET only"));
            return;
        }
        switch (Objects.requireNonNullElse(request.path(), "")) {
            case "/healthz" -> answer(response, 200, new JsonObject().put("alive", true));
            case "/readyz" -> {
                Readiness now = readiness.get();
                answer(
                        response,
                        now.isReady() ? 200 : 503,
                        new JsonObject().put("ready", now.isReady()).put("reasons", new JsonArray(now.reasons())));
            }
            case "/metrics" -> Thread.ofVirtual().name("scrape").start(() -> scrape(response));
            default ->
                answer(response, 404, new JsonObject().put("message", "there are /healthz, /readyz and /metrics only"));
        }
    }

    private void scrape(HttpServerResponse response) {
        try {
            String text = metrics.get();
            var _ = response.putHeader("content-type", TEXT_FORMAT).end(text);
        } catch (RuntimeException e) {
            LOG.error("Collecting the metrics failed", e);
            answer(response, 500, new JsonObject().put("message", "collecting the metrics failed; the log says why"));
        }
    }

    private static void answer(HttpServerResponse response, int status, JsonObject body) {
        var _ = response.setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(body.encode() + "\n");
    }

    @Override
    public void close() {
        try {
            var _ = vertx.close().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Closing the server for health and metrics failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
