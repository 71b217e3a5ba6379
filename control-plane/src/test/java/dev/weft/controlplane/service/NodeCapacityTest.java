package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.sandbox;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.controlplane.admission.Capacity;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.model.KernelLimit;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCapacityTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @BeforeEach
    void open() {
        store = SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        replica = Replica.over(store);
    }

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    private void create(String node, EndpointRequest... endpoints) {
        var unused = replica.services().sandboxes().create(call(), sandbox("", node, endpoints), Duration.ZERO);
    }

    private void refused(String node, String message, EndpointRequest... endpoints) {
        long before = store.revision();
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> create(node, endpoints))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NODE_FULL));
        assertThat(store.revision()).as("nothing is written").isEqualTo(before);
    }

    @Test
    void namespacesAreNotPromisedBeyondTheKernelsLimit() {
        replica.node("a", "192.0.2.1", Map.of(KernelLimit.NETWORK_NAMESPACES, 2L));
        replica.node("b", "192.0.2.2");
        create("a");
        create("a");
        refused("a", "network namespaces of node a: 2 of 2 are used");
        create("a", EndpointRequest.on("host"));
        create("b");
    }

    @Test
    void filesOfTheDaemonAreCounted() {
        replica.node("a", "192.0.2.1", Map.of(KernelLimit.OPEN_FILES, 256L + 8));
        create("a");
        refused("a", "raise its limit of open files (LimitNOFILE), now 264");
    }

    @Test
    void neighborsAreCountedOverAllNetworksOfTheNode() {
        replica.node("a", "192.0.2.1", Map.of(KernelLimit.NEIGHBORS, 1L));
        create("a");
        refused("a", "net.ipv4.neigh.default.gc_thresh3");
        create("a", EndpointRequest.on("none"));
    }

    @Test
    void aNodeTellsHowNearItIsToItsLimits() {
        replica.node("a", "192.0.2.1", Map.of(KernelLimit.NETWORK_NAMESPACES, 5L));
        for (int i = 0; i < 3; i++) {
            create("a");
        }
        assertThat(use()).satisfies(use -> assertThat(use.warning()).isEmpty());
        create("a");
        assertThat(use().warning())
                .hasValueSatisfying(
                        warning -> assertThat(warning).contains("4 of 5 are used", "user.max_net_namespaces"));
    }

    private Capacity.Use use() {
        return replica.services().nodes().get("a", Optional.empty()).limits().getFirst();
    }
}
