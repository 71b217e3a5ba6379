package dev.weft.node.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.ops.Readiness;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves operators: {@code GET /healthz} (the process runs), {@code /readyz} (the node is as it should be; 503 and the
 * reasons when not) and {@code /metrics}. Asks for no login: an address of its own, for those who watch.
 */
public final class OperationsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperationsServer.class);
    private static final String JSON = "application/json";
    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int THREADS = 2;

    private final Supplier<Readiness> readiness;
    private final Supplier<String> metrics;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("operations").daemon().factory());

    private OperationsServer(HttpServer server, Supplier<Readiness> readiness, Supplier<String> metrics) {
        this.server = server;
        this.readiness = readiness;
        this.metrics = metrics;
    }

    /**
     * Begins to listen.
     *
     * @param metrics in Prometheus's text format
     * @throws IOException if the address cannot be listened on
     */
    public static OperationsServer listen(
            InetSocketAddress address, Supplier<Readiness> readiness, Supplier<String> metrics) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(address.getHostString(), address.getPort()), 0);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort()
                            + " for health and metrics: " + e.getMessage(),
                    e);
        }
        OperationsServer operations = new OperationsServer(server, readiness, metrics);
        server.setExecutor(operations.threads);
        server.createContext("/", operations::handle);
        server.start();
        LOG.info("health and metrics at {}:{}", address.getHostString(), operations.port());
        return operations;
    }

    /** The TCP port, which the kernel chose if the address had port 0. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                answer(exchange, 405, JSON, message("GET only"));
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/healthz" -> {
                    JsonObject body = new JsonObject();
                    body.addProperty("alive", true);
                    answer(exchange, 200, JSON, body + "\n");
                }
                case "/readyz" -> {
                    Readiness now = readiness.get();
                    answer(exchange, now.isReady() ? 200 : 503, JSON, body(now));
                }
                case "/metrics" -> answer(exchange, 200, TEXT_FORMAT, metrics.get());
                default -> answer(exchange, 404, JSON, message("there are /healthz, /readyz and /metrics only"));
            }
        } catch (RuntimeException e) {
            LOG.error("answering {} failed", exchange.getRequestURI(), e);
            throw e;
        }
    }

    private static String body(Readiness readiness) {
        JsonArray reasons = new JsonArray();
        readiness.reasons().forEach(reasons::add);
        JsonObject body = new JsonObject();
        body.addProperty("ready", readiness.isReady());
        body.add("reasons", reasons);
        return body + "\n";
    }

    private static String message(String text) {
        JsonObject body = new JsonObject();
        body.addProperty("message", text);
        return body + "\n";
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.getResponseHeaders().set("cache-control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream output = exchange.getResponseBody()) {
            output.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
