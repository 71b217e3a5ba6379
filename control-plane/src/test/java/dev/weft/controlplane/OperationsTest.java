package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.SandboxServiceGrpc;
import dev.weft.config.HostPort;
import dev.weft.controlplane.config.ControlPlaneConfig;
import dev.weft.controlplane.config.TrustConfig;
import dev.weft.controlplane.distribution.FakeNode;
import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.etcd.EtcdAddress;
import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.EtcdServer;
import dev.weft.controlplane.trust.TrustOperations;
import dev.weft.ops.LogFormat;
import dev.weft.ops.OperationsConfig;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see over HTTP. */
final class OperationsTest {

    private static final java.time.Duration SOON = java.time.Duration.ofSeconds(60);
    private static final Duration WAIT = Duration.newBuilder().setSeconds(60).build();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private ControlPlane start(StoreConfig store) throws IOException {
        return ControlPlane.start(new ControlPlaneConfig(
                store,
                "test",
                Optional.of(new HostPort("127.0.0.1", 0)),
                Optional.empty(),
                directory.resolve("run"),
                LeakPolicy.DEFAULT.grace(),
                new TrustConfig(new TrustConfig.Insecure(), Optional.empty(), TrustOperations.DEFAULT_NODE_LIFETIME),
                Optional.empty(),
                Optional.empty(),
                new OperationsConfig(Optional.of(InetSocketAddress.createUnresolved("127.0.0.1", 0)), LogFormat.TEXT)));
    }

    private ControlPlane start() throws IOException {
        return start(new StoreConfig.Sqlite(SqliteStoreConfig.in(directory.resolve("state"))));
    }

    private HttpResponse<String> get(ControlPlane controlPlane, String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                    + controlPlane.metricsPort().orElseThrow() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private double metric(ControlPlane controlPlane, String series) {
        Matcher matcher = Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(get(controlPlane, "/metrics").body());
        assertThat(matcher.find()).as(series).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    private static ManagedChannel channel(ControlPlane controlPlane) {
        return NettyChannelBuilder.forAddress("127.0.0.1", controlPlane.port())
                .usePlaintext()
                .build();
    }

    private static ServingStatus serving(ManagedChannel channel) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    @Test
    void aChangeIsCountedFromTheCallToTheNode() throws IOException {
        ControlPlane controlPlane = start();
        ManagedChannel channel = channel(controlPlane);
        try (controlPlane;
                FakeNode node = new FakeNode("a", "192.0.2.1", controlPlane.port(), FakeNode.Behaviour.APPLIES)) {
            node.dial();
            Await.until("in sync", SOON, () -> node.snapshots() == 1);
            NetworkServiceGrpc.newBlockingStub(channel)
                    .createNetwork(CreateNetworkRequest.newBuilder()
                            .setName("blue")
                            .setDriver("overlay")
                            .build());
            SandboxServiceGrpc.newBlockingStub(channel)
                    .createSandbox(CreateSandboxRequest.newBuilder()
                            .setName("web-1")
                            .setNode("a")
                            .addEndpoints(EndpointSpec.newBuilder().setNetwork("blue"))
                            .setWait(WAIT)
                            .build());
            try {
                NetworkServiceGrpc.newBlockingStub(channel)
                        .createNetwork(CreateNetworkRequest.newBuilder()
                                .setName("blue")
                                .setDriver("overlay")
                                .build());
            } catch (StatusRuntimeException refused) {
                assertThat(refused).hasMessageContaining("blue");
            }

            assertThat(get(controlPlane, "/metrics").headers().firstValue("content-type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(metric(controlPlane, "weft_network_programming_duration_seconds_count"))
                    .isPositive();
            assertThat(metric(controlPlane, "weft_stream_lag_seconds")).isZero();
            assertThat(metric(controlPlane, "weft_stream_nodes_behind")).isZero();
            assertThat(metric(controlPlane, "weft_nodes{state=\"connected\"}")).isEqualTo(1);
            assertThat(metric(controlPlane, "weft_endpoints{mode=\"network\"}")).isEqualTo(1);
            assertThat(metric(controlPlane, "weft_endpoints{mode=\"host\"}")).isZero();
            String blue = "weft_ipam_addresses{family=\"ipv4\",network=\"blue\",node=\"\",state=";
            assertThat(metric(controlPlane, blue + "\"in_use\"}"))
                    .as("the gateway and the endpoint")
                    .isEqualTo(2);
            assertThat(metric(controlPlane, blue + "\"free\"}")).isEqualTo(252);
            String created =
                    "weft_rpc_duration_seconds_count{code=\"%s\",method=\"weft.api.v1.NetworkService/CreateNetwork\"}";
            assertThat(metric(controlPlane, created.formatted("OK"))).isEqualTo(1);
            assertThat(metric(controlPlane, created.formatted("ALREADY_EXISTS")))
                    .isEqualTo(1);
            assertThat(metric(controlPlane, "weft_store_commit_duration_seconds_count{outcome=\"committed\"}"))
                    .isGreaterThanOrEqualTo(2);
            assertThat(metric(controlPlane, "jvm_threads_live_threads")).isPositive();
            assertThat(get(controlPlane, "/metrics").body())
                    .as("nothing that grows with endpoints is a label")
                    .doesNotContain("web-1", "10.128");

            node.behave(FakeNode.Behaviour.SILENT);
            SandboxServiceGrpc.newBlockingStub(channel)
                    .createSandbox(CreateSandboxRequest.newBuilder()
                            .setName("two")
                            .setNode("a")
                            .build());
            Await.until("it lags", SOON, () -> metric(controlPlane, "weft_stream_lag_seconds") > 0);
            assertThat(metric(controlPlane, "weft_stream_nodes_behind")).isEqualTo(1);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void readyOnceItServesAndNoLongerWhenItStops() throws IOException {
        ControlPlane controlPlane = start();
        ManagedChannel channel = channel(controlPlane);
        try (controlPlane) {
            assertThat(get(controlPlane, "/healthz").statusCode()).isEqualTo(200);
            Await.until("ready", SOON, () -> get(controlPlane, "/readyz").statusCode() == 200);
            assertThat(get(controlPlane, "/readyz").body()).isEqualTo("{\"ready\":true,\"reasons\":[]}\n");
            assertThat(serving(channel)).isEqualTo(ServingStatus.SERVING);
            assertThat(metric(controlPlane, "weft_ready")).isEqualTo(1);
            assertThat(get(controlPlane, "/").statusCode()).isEqualTo(404);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    @Tag("etcd")
    void whileEtcdIsAwayItIsAliveButNotReadyAndSaysWhy() throws Exception {
        try (EtcdServer etcd = EtcdServer.start()) {
            ControlPlane controlPlane = start(new StoreConfig.Etcd(
                    EtcdStoreConfig.of(List.of(new EtcdAddress("127.0.0.1", etcd.clientPort())), "/weft/")));
            ManagedChannel channel = channel(controlPlane);
            try (controlPlane) {
                Await.until("ready", SOON, () -> get(controlPlane, "/readyz").statusCode() == 200);
                etcd.kill();
                Await.until(
                        "not ready", SOON, () -> get(controlPlane, "/readyz").statusCode() == 503);
                assertThat(get(controlPlane, "/readyz").body()).contains("\"ready\":false", "store: ");
                assertThat(get(controlPlane, "/healthz").statusCode()).isEqualTo(200);
                Await.until("the health service says so", SOON, () -> serving(channel) == ServingStatus.NOT_SERVING);
                etcd.restart();
                Await.until(
                        "ready again", SOON, () -> get(controlPlane, "/readyz").statusCode() == 200);
                Await.until("the health service says so", SOON, () -> serving(channel) == ServingStatus.SERVING);
            } finally {
                channel.shutdownNow();
            }
        }
    }
}
