package dev.weft.controlplane.service;

import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.etcd.EtcdAddress;
import dev.weft.controlplane.store.etcd.EtcdStore;
import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.testing.EtcdServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("etcd")
final class EtcdAllocationPropertyTest extends AllocationPropertyTest {

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
    Store openClient() {
        return EtcdStore.open(
                EtcdStoreConfig.of(List.of(EtcdAddress.parse(server.clientAddress())), EtcdStoreConfig.DEFAULT_PREFIX));
    }

    @Override
    int operations() {
        return 60;
    }
}
