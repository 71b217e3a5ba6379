package dev.weft.controlplane.leadership;

import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.etcd.EtcdAddress;
import dev.weft.controlplane.store.etcd.EtcdStore;
import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.testing.EtcdServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** With etcd, each replica by a client of its own. Each test has a prefix of its own in one real server. */
@Tag("etcd")
final class EtcdLeadershipTest extends LeadershipTest {

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EtcdServer server;

    private final String prefix = "/weft-" + PREFIXES.incrementAndGet() + "/";
    private final List<Store> clients = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        server = EtcdServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    Store openClient() {
        Store client = EtcdStore.open(EtcdStoreConfig.of(List.of(EtcdAddress.parse(server.clientAddress())), prefix));
        clients.add(client);
        return client;
    }

    @Override
    @AfterEach
    void close() throws InterruptedException {
        super.close();
        clients.forEach(Store::close);
    }
}
