package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.service.LostAnswers.Next;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that come twice, and commits whose answer gets lost: everything happens once. */
final class RepetitionTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private LostAnswers store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @BeforeEach
    void open() {
        store = new LostAnswers(SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH)));
        replica = Replica.over(store);
        replica.node("a", "192.0.2.1");
    }

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    private NetworkOperations networks() {
        return replica.services().networks();
    }

    private SandboxOperations sandboxes() {
        return replica.services().sandboxes();
    }

    private EndpointOperations endpoints() {
        return replica.services().endpoints();
    }

    @Test
    void aRepeatedRequestAnswersTheSame() {
        var created = networks().create(call("r1", "aa"), overlay("demo"));
        long revision = store.revision();
        assertThat(networks().create(call("r1", "aa"), overlay("demo"))).isEqualTo(created);

        var sandbox = sandboxes().create(call("r2", "bb"), sandbox("", "a"), Duration.ZERO);
        assertThat(sandboxes().create(call("r2", "bb"), sandbox("", "a"), Duration.ZERO))
                .isEqualTo(sandbox);
        String name = sandbox.sandbox().value().name();

        var endpoint = endpoints().create(call("r3", "cc"), name, EndpointRequest.on("demo"), Duration.ZERO);
        assertThat(endpoints().create(call("r3", "cc"), name, EndpointRequest.on("demo"), Duration.ZERO))
                .isEqualTo(endpoint);
        assertThat(store.revision()).isEqualTo(revision + 2);

        var disconnected =
                endpoints().delete(call("r4", "dd"), name, "demo", EndpointOperations.IfGone.REFUSE, Duration.ZERO);
        assertThat(endpoints().delete(call("r4", "dd"), name, "demo", EndpointOperations.IfGone.REFUSE, Duration.ZERO))
                .isEqualTo(disconnected);
        var removed = sandboxes().delete(call("r5", "ee"), name, Duration.ZERO);
        assertThat(sandboxes().delete(call("r5", "ee"), name, Duration.ZERO)).isEqualTo(removed);
        var deleted = networks().delete(call("r6", "ff"), "demo", "");
        assertThat(networks().delete(call("r6", "ff"), "demo", "")).isEqualTo(deleted);
        assertThat(store.revision()).isEqualTo(revision + 5);
    }

    @Test
    void anIdOfAnotherRequestIsRefused() {
        networks().create(call("r1", "aa"), overlay("demo"));

        assertThat(Refusal.of(store, () -> networks().create(call("r1", "ab"), overlay("other")))
                        .reason())
                .isEqualTo(Reason.REQUEST_ID_REUSED);
    }

    @Test
    void whatARepeatedRequestMadeMayBeGone() {
        networks().create(call("r1", "aa"), overlay("demo"));
        networks().delete(call(), "demo", "");

        assertThat(Refusal.of(store, () -> networks().create(call("r1", "aa"), overlay("demo")))
                        .reason())
                .isEqualTo(Reason.REQUEST_RESULT_GONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Next.class,
            names = {"APPLIED", "DROPPED", "LATE"})
    void aLostAnswerIsFoundOut(Next fate) {
        long leasesBefore = leases();
        store.next(fate);
        networks().create(call(), overlay("demo"));
        store.next(fate);
        var sandbox = sandboxes().create(call(), sandbox("", "a"), Duration.ZERO);
        String name = sandbox.sandbox().value().name();
        store.next(fate);
        endpoints().create(call(), name, EndpointRequest.on("demo"), Duration.ZERO);

        assertThat(sandboxes().list("", java.util.List.of()).items()).hasSize(1);
        assertThat(sandboxes().get(name).endpoints()).hasSize(2);
        assertThat(leases()).isEqualTo(leasesBefore + 3);

        store.next(fate);
        endpoints().delete(call(), name, "demo", EndpointOperations.IfGone.REFUSE, Duration.ZERO);
        store.next(fate);
        sandboxes().delete(call(), name, Duration.ZERO);
        store.next(fate);
        networks().delete(call(), "demo", "");
        assertThat(leases()).isEqualTo(leasesBefore);
        assertThat(replica.services()
                        .endpoints()
                        .list("", "", "", java.util.Optional.empty())
                        .items())
                .isEmpty();
    }

    private long leases() {
        return store.list(Keys.LEASES).entries().size();
    }
}
