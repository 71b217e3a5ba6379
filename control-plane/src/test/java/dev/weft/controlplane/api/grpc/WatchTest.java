package dev.weft.controlplane.api.grpc;

import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.weft.api.v1.Change;
import dev.weft.api.v1.ChangeServiceGrpc;
import dev.weft.api.v1.WatchRequest;
import dev.weft.api.v1.WatchResponse;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.admission.NetworkRequest;
import dev.weft.controlplane.events.publish.Backlog;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.service.EndpointOperations;
import dev.weft.controlplane.service.Replica;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestServer server;

    /** Collects what a watch sends. With manual flow it reads only what it asks for. */
    private static final class Watcher implements ClientResponseObserver<WatchRequest, WatchResponse> {
        private final List<WatchResponse> received = new CopyOnWriteArrayList<>();
        private final boolean reads;
        private volatile Optional<Throwable> error = Optional.empty();
        private @Nullable ClientCallStreamObserver<WatchRequest> stream;

        Watcher(boolean reads) {
            this.reads = reads;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> requests) {
            stream = requests;
            if (!reads) {
                requests.disableAutoRequestWithInitial(1);
            }
        }

        void readOn() {
            if (stream != null) {
                stream.request(Integer.MAX_VALUE);
            }
        }

        @Override
        public void onNext(WatchResponse response) {
            received.add(response);
        }

        @Override
        public void onError(Throwable failure) {
            error = Optional.of(failure);
        }

        @Override
        public void onCompleted() {}

        List<String> changes() {
            return received.stream()
                    .filter(WatchResponse::hasChange)
                    .map(response -> describe(response.getChange()))
                    .toList();
        }

        boolean inSync() {
            return received.stream().anyMatch(response -> response.getInSyncRevision() > 0);
        }

        private static String describe(Change change) {
            return change.getType() + " "
                    + switch (change.getEntityCase()) {
                        case NETWORK -> "network " + change.getNetwork().getName();
                        case SANDBOX -> "sandbox " + change.getSandbox().getName();
                        case ENDPOINT ->
                            "endpoint " + change.getEndpoint().getSandboxName() + "@"
                                    + change.getEndpoint().getNetworkName();
                        case NODE -> "node " + change.getNode().getName();
                        case ENTITY_NOT_SET -> "nothing";
                    };
        }
    }

    @BeforeEach
    void open() throws IOException {
        openStore(100_000);
    }

    private void openStore(long keepRevisions) throws IOException {
        store = SqliteStore.open(SqliteStoreConfig.in(directory.resolve("store"))
                .withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH)
                .withKeepRevisions(keepRevisions));
        replica = Replica.over(store);
        server = new TestServer(replica, directory.resolve("api.sock"));
    }

    @AfterEach
    void close() {
        server.close();
        replica.close();
        store.close();
    }

    private Watcher watch(WatchRequest request) {
        return watch(request, true);
    }

    private Watcher watch(WatchRequest request, boolean reads) {
        Watcher watcher = new Watcher(reads);
        ChangeServiceGrpc.newStub(server.tcp()).watch(request, watcher);
        return watcher;
    }

    @Test
    void snapshotThenInSyncThenChanges() {
        replica.services().networks().create(call(), overlay("before"));
        Watcher watcher = watch(WatchRequest.getDefaultInstance());
        Await.until("in sync", SOON, watcher::inSync);
        assertThat(watcher.changes()).containsExactly("SNAPSHOT network before");

        replica.node("a", "192.0.2.1");
        replica.services()
                .sandboxes()
                .create(call(), Replica.sandbox("c1", "a", EndpointRequest.on("before")), Duration.ZERO);
        replica.services().endpoints().delete(call(), "c1", "before", EndpointOperations.IfGone.REFUSE, Duration.ZERO);
        replica.services().networks().delete(call(), "before", "");
        Await.until("all changes", SOON, () -> watcher.changes().contains("DELETED network before"));
        assertThat(watcher.changes())
                .containsSubsequence("CREATED node a", "CREATED endpoint c1@before", "DELETED endpoint c1@before")
                .contains("CREATED network none", "CREATED sandbox c1")
                .noneMatch(change -> change.contains("nothing"));
        assertThat(watcher.received.stream()
                        .filter(WatchResponse::hasChange)
                        .map(response -> response.getChange().getRevision()))
                .isSorted();
    }

    /** What is told may be behind what is: who reads late is told the names all the same. */
    @Test
    void namesOfWhatIsGoneByThenAreTold() {
        replica.node("a", "192.0.2.1");
        Watcher watcher = watch(WatchRequest.newBuilder().addKinds("endpoint").build(), false);
        Await.until("in sync", SOON, watcher::inSync);
        replica.services().networks().create(call(), overlay("short"));
        replica.services()
                .sandboxes()
                .create(call(), Replica.sandbox("c1", "a", EndpointRequest.on("short")), Duration.ZERO);
        replica.services().sandboxes().delete(call(), "c1", Duration.ZERO);
        replica.services().networks().delete(call(), "short", "");
        watcher.readOn();
        Await.until("the end", SOON, () -> watcher.changes().contains("DELETED endpoint c1@short"));
        assertThat(watcher.changes()).containsExactly("CREATED endpoint c1@short", "DELETED endpoint c1@short");
    }

    @Test
    void aWatchResumesAfterARestart() throws IOException {
        long first =
                replica.services().networks().create(call(), overlay("one")).modRevision();
        replica.services().networks().create(call(), overlay("two"));
        close();
        open();
        replica.services().networks().create(call(), overlay("three"));

        Watcher watcher = watch(WatchRequest.newBuilder()
                .setAfterRevision(first)
                .addKinds("network")
                .build());
        Await.until("two changes", SOON, () -> watcher.changes().size() == 2);
        assertThat(watcher.changes()).containsExactly("CREATED network two", "CREATED network three");
    }

    @Test
    void onlyWhatIsNewOfTheKindsWanted() {
        replica.services().networks().create(call(), overlay("before"));
        Watcher watcher = watch(
                WatchRequest.newBuilder().setOnlyNew(true).addKinds("node").build());
        Await.until("in sync", SOON, watcher::inSync);
        replica.services().networks().create(call(), overlay("after"));
        replica.node("a", "192.0.2.1");
        Await.until("a change", SOON, () -> !watcher.changes().isEmpty());

        assertThat(watcher.changes()).containsExactly("CREATED node a");
    }

    @Test
    void aCompactedRevisionIsRefusedWithTheReason() throws IOException {
        close();
        openStore(5);
        for (int i = 0; i < 30; i++) {
            replica.services().networks().create(call(), overlay("n" + i));
        }
        store.compact(store.revision());
        Watcher watcher = watch(WatchRequest.newBuilder().setAfterRevision(1).build());
        Await.until("an error", SOON, () -> watcher.error.isPresent());

        assertThat(code(watcher)).isEqualTo(Status.Code.OUT_OF_RANGE);
        assertThat(reason(watcher)).isEqualTo("REVISION_COMPACTED");
    }

    @Test
    void badRequestsAreRefused() {
        for (WatchRequest bad : List.of(
                WatchRequest.newBuilder().setAfterRevision(-1).build(),
                WatchRequest.newBuilder().setAfterRevision(1).setOnlyNew(true).build(),
                WatchRequest.newBuilder().addKinds("lease").build())) {
            Watcher watcher = watch(bad);
            Await.until("an error", SOON, () -> watcher.error.isPresent());
            assertThat(code(watcher)).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void aClientThatDoesNotReadIsLetGo() {
        Watcher watcher = watch(WatchRequest.newBuilder().setOnlyNew(true).build(), false);
        Await.until("the first message", SOON, () -> !watcher.received.isEmpty());
        // More than the transport takes in for a client that does not read.
        for (int i = 0; i < 40; i++) {
            replica.services().networks().create(call(), labelled("n" + i, "x".repeat(60_000)));
        }
        for (int i = 0; i < Backlog.MAX_MUTATIONS / 100 + 10; i++) {
            Transaction.Builder transaction = Transaction.builder();
            for (int j = 0; j < 100; j++) {
                transaction.put(Keys.request("r" + j), ByteString.EMPTY);
            }
            store.commit(transaction.build());
        }
        watcher.readOn();
        Await.until("an error", SOON, () -> watcher.error.isPresent());
        assertThat(reason(watcher)).isEqualTo("SLOW_CONSUMER");
    }

    @Test
    void whoResumesFromFarBehindIsNotSlowForThat() {
        long first = store.revision();
        for (int i = 0; i < Backlog.MAX_MUTATIONS / 100 + 10; i++) {
            Transaction.Builder transaction = Transaction.builder();
            for (int j = 0; j < 100; j++) {
                transaction.put(Keys.request("r" + j), ByteString.EMPTY);
            }
            store.commit(transaction.build());
        }
        replica.services().networks().create(call(), overlay("last"));
        // It begins to read when the history is in the backlog, as far as that goes.
        Watcher watcher = watch(
                WatchRequest.newBuilder()
                        .setAfterRevision(Math.max(1, first))
                        .addKinds("network")
                        .build(),
                false);
        watcher.readOn();
        Await.until("the last change", SOON, () -> watcher.changes().contains("CREATED network last"));
    }

    private static NetworkRequest labelled(String name, String label) {
        NetworkRequest plain = overlay(name);
        return new NetworkRequest(
                plain.name(),
                plain.driver(),
                plain.node(),
                plain.scope(),
                plain.ipv4(),
                plain.ipv6(),
                plain.subnets(),
                plain.ipamDriver(),
                plain.ipamOptions(),
                plain.traits(),
                plain.options(),
                Map.of("label", label));
    }

    private static Status.Code code(Watcher watcher) {
        return ((StatusRuntimeException) watcher.error.orElseThrow())
                .getStatus()
                .getCode();
    }

    private static String reason(Watcher watcher) {
        com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(watcher.error.orElseThrow()));
        return status.getDetailsList().stream()
                .filter(detail -> detail.is(ErrorInfo.class))
                .map(detail -> {
                    try {
                        return detail.unpack(ErrorInfo.class).getReason();
                    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                        throw new AssertionError(e);
                    }
                })
                .findFirst()
                .orElse("");
    }
}
