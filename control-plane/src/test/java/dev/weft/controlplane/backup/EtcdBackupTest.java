package dev.weft.controlplane.backup;

import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.etcd.EtcdAddress;
import dev.weft.controlplane.store.etcd.EtcdStore;
import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.testing.EtcdServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Embedded to etcd, and back. Each test has a prefix of its own in one real server. */
@Tag("etcd")
final class EtcdBackupTest extends BackupContractTest {

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
    Store openEmpty(Path directory) {
        return EtcdStore.open(EtcdStoreConfig.of(
                List.of(EtcdAddress.parse(server.clientAddress())), "/weft-" + prefixes.incrementAndGet() + "/"));
    }
}
