package dev.weft.controlplane.store.etcd;

import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreContractTest;
import dev.weft.controlplane.testing.EtcdServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** etcd keeps the contract. Each test has a prefix of its own in one real server. */
@Tag("etcd")
final class EtcdStoreContractTest extends StoreContractTest {

    private static final AtomicInteger prefixes = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EtcdServer server;

    @BeforeAll
    static void startServer() {
        server = EtcdServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected Store openEmpty() {
        String prefix = "/weft-" + prefixes.incrementAndGet() + "/";
        return EtcdStore.open(EtcdStoreConfig.of(List.of(EtcdAddress.parse(server.clientAddress())), prefix)
                .withWatchTimes(Duration.ofMillis(200), Duration.ofSeconds(10)));
    }
}
