package dev.weft.controlplane.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import dev.weft.api.v1.Change;
import dev.weft.controlplane.api.grpc.Protection;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.events.EventMapping;
import dev.weft.controlplane.events.Workload;
import dev.weft.controlplane.events.publish.Backlog;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig.Durability;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.trust.Revocations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class HttpEdgeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Store store;
    private final Revocations revocations;
    private final AtomicReference<Optional<Instant>> stale = new AtomicReference<>(Optional.empty());
    private final HttpEdge edge;
    private final List<Client> clients = new ArrayList<>();

    HttpEdgeTest(@TempDir Path directory) throws IOException {
        store = SqliteStore.open(SqliteStoreConfig.in(directory)
                .withDurability(Durability.PROCESS_DEATH)
                .withProgressInterval(Duration.ofMillis(50)));
        revocations = Revocations.follow(store);
        edge = HttpEdge.listen(
                store,
                stale::get,
                new InetSocketAddress("127.0.0.1", 0),
                new Protection.None(),
                revocations,
                Clock.systemUTC());
    }

    @AfterEach
    void close() throws IOException {
        for (Client client : clients) {
            client.close();
        }
        edge.close();
        revocations.close();
        store.close();
    }

    /** An event as the client's parser gives it out. */
    private record Received(String type, String data) {}

    /** Reads text/event-stream by the standard's rules, as far as they are used. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final List<Received> received = new CopyOnWriteArrayList<>();
        private volatile String lastId = "";
        private volatile boolean ended;

        Client(int port, String lastEventId, boolean reads) throws IOException {
            socket = new Socket();
            if (!reads) {
                // So that little of what it does not read is on the way to it.
                socket.setReceiveBufferSize(4096);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            String header = lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
            // HTTP/1.0 gets the body without chunks.
            socket.getOutputStream()
                    .write(("GET /v1/events HTTP/1.0\r\nHost: x\r\n" + header + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            if (reads) {
                read();
            }
        }

        void read() {
            Thread.ofVirtual().start(() -> {
                try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                    parse(lines);
                } catch (IOException _) {
                    // Closed by the test.
                }
                ended = true;
            });
        }

        private void parse(BufferedReader lines) throws IOException {
            String type = "";
            String data = "";
            String id = lastId;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty()) {
                    lastId = id;
                    if (!data.isEmpty()) {
                        received.add(new Received(type, data));
                    }
                    type = "";
                    data = "";
                }
            }
        }

        boolean has(String type) {
            return received.stream().anyMatch(event -> event.type().equals(type));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Client client(String lastEventId) throws IOException {
        Client client = new Client(edge.port(), lastEventId, true);
        clients.add(client);
        return client;
    }

    private void awaitAll(Client client) {
        long newest = store.revision();
        Await.until(
                "revision " + newest,
                PATIENCE,
                () -> !client.lastId.isEmpty() && Long.parseLong(client.lastId) >= newest);
    }

    private static Map<String, Change> apply(List<Received> events) throws Exception {
        Map<String, Change> copy = new TreeMap<>();
        for (Received event : events) {
            if (event.type().equals("listing")) {
                copy.clear();
            } else if (event.type().contains(".")) {
                Change.Builder change = Change.newBuilder();
                JsonFormat.parser().merge(event.data(), change);
                String key = switch (change.getEntityCase()) {
                    case NETWORK -> "networks/" + change.getNetwork().getId();
                    case NODE -> "nodes/" + change.getNode().getName();
                    default -> throw new AssertionError(event);
                };
                if (event.type().endsWith(".deleted")) {
                    copy.remove(key);
                } else {
                    copy.put(key, change.clearType().build());
                }
            }
        }
        return copy;
    }

    private Map<String, Change> stored() {
        Map<String, Change> stored = new TreeMap<>();
        store.list("")
                .entries()
                .forEach(entry -> EventMapping.listed(entry)
                        .ifPresent(event -> stored.put(
                                event.key(),
                                event.change().toBuilder().clearType().build())));
        return stored;
    }

    @Test
    void aListingThenWhatFollows() throws Exception {
        Workload workload = new Workload(store, 1);
        workload.run(50);
        Client client = client("");
        Await.until("in-sync", PATIENCE, () -> client.has("in-sync"));
        workload.run(100);
        awaitAll(client);
        assertThat(client.received.getFirst().type()).isEqualTo("listing");
        assertThat(apply(client.received)).isEqualTo(stored());
    }

    @Test
    void resumingTellsEachEventOnce() throws Exception {
        Workload workload = new Workload(store, 2);
        Client whole = client("");
        Await.until("in-sync", PATIENCE, () -> whole.has("in-sync"));
        List<Received> parts = new ArrayList<>();
        Client part = client(whole.lastId);
        for (int round = 0; round < 3; round++) {
            workload.run(40);
            awaitAll(part);
            part.close();
            parts.addAll(part.received);
            part = client(part.lastId);
        }
        awaitAll(whole);
        assertThat(parts)
                .isNotEmpty()
                .isEqualTo(whole.received.stream()
                        .filter(event -> event.type().contains("."))
                        .toList());
    }

    @Test
    void afterCompactionAListingIsTold() throws Exception {
        Workload workload = new Workload(store, 3);
        workload.run(40);
        store.compact(store.revision());
        workload.run(10);
        Client client = client("1");
        awaitAll(client);
        Await.until("in-sync", PATIENCE, () -> client.has("in-sync"));
        assertThat(client.received.getFirst())
                .isEqualTo(new Received("listing", "the changes after the last id are not kept any more"));
        assertThat(apply(client.received)).isEqualTo(stored());
    }

    @Test
    void aSlowClientIsToldAndLetGo() throws Exception {
        Client slow = new Client(edge.port(), "1", false);
        clients.add(slow);
        // More than the sockets' buffers take, and then more than the backlog holds.
        for (int i = 0; i < 150; i++) {
            Network large =
                    Fixtures.overlay("large" + i, Map.of("text", "x".repeat(60_000)), Set.of(), "10." + i + ".0.0/16");
            store.commit(Transaction.builder()
                    .put(Keys.network(large.id()), ModelCodec.NETWORK.encode(large))
                    .build());
        }
        for (int i = 0; i < Backlog.MAX_MUTATIONS / 100 + 10; i++) {
            Transaction.Builder transaction = Transaction.builder();
            for (int j = 0; j < 100; j++) {
                transaction.put(Keys.request("r" + j), ByteString.EMPTY);
            }
            store.commit(transaction.build());
        }
        new Workload(store, 4).run(200);
        slow.read();
        Await.until("the end", PATIENCE, () -> slow.ended);
        assertThat(slow.received.getLast().type()).isEqualTo("end");
        assertThat(slow.received.getLast().data()).contains("\"reason\":\"SLOW_CONSUMER\"");
        Client resumed = client(slow.lastId);
        awaitAll(resumed);
        List<Received> all = new ArrayList<>(slow.received);
        all.addAll(resumed.received);
        assertThat(apply(all)).isEqualTo(stored());
    }

    @Test
    void theEndIsToldWhenTheControlPlaneStops() throws Exception {
        Client client = client("");
        Await.until("in-sync", PATIENCE, () -> client.has("in-sync"));
        edge.close();
        Await.until("the end", PATIENCE, () -> client.ended);
        assertThat(client.received.getLast().data()).contains("SHUTTING_DOWN");
    }

    @Test
    void aStreamSaysWhenItMayMissChangesAndWhenThatIsOver() throws Exception {
        Client client = client("");
        Await.until("in-sync", PATIENCE, () -> client.has("in-sync"));
        Instant since = Instant.parse("2026-11-26T18:04:53.438Z");
        stale.set(Optional.of(since));
        Await.until("the mark", PATIENCE, () -> client.has("stale"));
        assertThat(client.received.getLast()).isEqualTo(new Received("stale", since.toString()));
        assertThat(header("/v1/events?after_revision=0")).contains(since.toString());
        assertThat(header("/v1/networks")).as("a refusal, too").contains(since.toString());

        stale.set(Optional.empty());
        Await.until("its end", PATIENCE, () -> client.has("fresh"));
        new Workload(store, 5).run(3);
        awaitAll(client);
        assertThat(client.received.stream().filter(event -> event.type().equals("stale")))
                .hasSize(1);
        assertThat(header("/v1/events?after_revision=0")).isEmpty();
    }

    private Optional<String> header(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> response = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            // The stream itself has no end.
            response.body().close();
            return response.headers().firstValue("weft-stale-since");
        }
    }

    @Test
    void whatIsNotThereIsRefused() throws Exception {
        assertThat(status("GET", "/v1/networks")).isEqualTo(404);
        assertThat(status("POST", "/v1/events")).isEqualTo(405);
        assertThat(status("GET", "/v1/events?after_revision=x")).isEqualTo(400);
        assertThat(status("GET", "/v1/events?after_revision=-1")).isEqualTo(400);
    }

    private int status(String method, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                                    .method(method, HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
