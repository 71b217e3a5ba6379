package dev.weft.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.node.metrics.NodeMetrics;
import dev.weft.node.reconcile.RowState;
import dev.weft.ops.Readiness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationsServerTest {

    private static final InetSocketAddress ANY_PORT = InetSocketAddress.createUnresolved("127.0.0.1", 0);

    private final AtomicReference<Readiness> readiness = new AtomicReference<>(Readiness.READY);
    private final NodeMetrics metrics = new NodeMetrics("1.2.3");
    private final OperationsServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    OperationsServerTest() throws IOException {
        server = OperationsServer.listen(ANY_PORT, readiness::get, metrics::scrape);
        metrics.show(new NodeMetrics.Sources(
                readiness::get,
                () -> true,
                () -> 8,
                () -> 7,
                () -> Map.of(RowState.Stage.FAILED, 2L),
                () -> OptionalLong.of(99)));
    }

    @AfterEach
    void close() {
        server.close();
        metrics.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void healthAndReadiness() throws Exception {
        assertThat(get("/healthz").body()).isEqualTo("{\"alive\":true}\n");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        readiness.set(Readiness.notReady("stream: \"away\""));
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("{\"ready\":false,\"reasons\":[\"stream: \\\"away\\\"\"]}\n");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/etc/passwd").statusCode()).isEqualTo(404);
        HttpResponse<String> posted = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/healthz"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(posted.statusCode()).isEqualTo(405);
    }

    @Test
    void metricsSayWhatWasCounted() throws Exception {
        metrics.passed(Duration.ofMillis(20), 3);
        metrics.failed();
        metrics.answered("local", 3);
        metrics.answered("upstream", 14);
        assertThat(get("/metrics").body().lines())
                .contains(
                        "weft_version{version=\"1.2.3\"} 1.0",
                        "weft_node_ready 1.0",
                        "weft_node_in_sync 1.0",
                        "weft_node_desired_revision 8.0",
                        "weft_node_applied_revision 7.0",
                        "weft_node_rows{state=\"failed\"} 2.0",
                        "weft_node_rows{state=\"ready\"} 0.0",
                        "weft_node_tracked_connections 99.0",
                        "weft_node_reconcile_pass_duration_seconds_count 1",
                        "weft_node_reconcile_operations_total 3.0",
                        "weft_node_reconcile_failed_passes_total 1.0",
                        "weft_node_drift_repaired_total{kind=\"fdb\"} 0.0",
                        "weft_node_dns_queries_total{code=\"NXDOMAIN\",source=\"local\"} 1.0",
                        "weft_node_dns_queries_total{code=\"other\",source=\"upstream\"} 1.0")
                .anySatisfy(line -> assertThat(line).startsWith("process_cpu_usage "));
    }

    @Test
    void anAddressInUseIsNamed() {
        InetSocketAddress taken = InetSocketAddress.createUnresolved("127.0.0.1", server.port());
        assertThatThrownBy(() -> OperationsServer.listen(taken, readiness::get, metrics::scrape))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port() + " for health and metrics");
    }
}
