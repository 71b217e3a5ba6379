package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas, one of them behind: it refuses nothing because of what it has not heard of yet. */
final class StaleRefusalTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Lagging store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica first;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica behind;

    @BeforeEach
    void open() {
        SqliteStore shared = SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        store = new Lagging(shared);
        first = Replica.over(shared);
        behind = Replica.over(store);
        first.node("a", "192.0.2.1");
        behind.status().connect(new NodeName("a"));
        catchUp();
        store.hold();
        first.services().networks().create(call(), overlay("demo"));
    }

    @AfterEach
    void close() {
        store.release();
        behind.close();
        first.close();
        store.close();
    }

    private void catchUp() {
        store.release();
        try {
            assertThat(behind.state().awaitRevision(store.revision(), Duration.ofSeconds(30)))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private SandboxOperations.Details connected() {
        return behind.services()
                .sandboxes()
                .create(call("r1", "aa"), sandbox("web", "a", EndpointRequest.on("demo")), Duration.ZERO);
    }

    @Test
    void itWaitsForWhatWasCommittedBefore() {
        Thread.ofVirtual().start(store::release);
        assertThat(connected().endpoints()).hasSize(1);
    }

    /** What was decided on is older than what is known when the refusal is looked at. */
    @Test
    void itDecidesAgainWhenItHasHeardOfItAfterTheDecision() {
        store.beforeNextGet(this::catchUp);
        assertThat(connected().endpoints()).hasSize(1);
    }

    @Test
    void whatIsReallyNotThereIsRefused() {
        catchUp();
        first.services().networks().delete(call(), "demo", "");
        assertThatThrownBy(this::connected).isInstanceOf(ServiceException.class).hasMessageContaining("demo");
    }
}
