package dev.weft.controlplane.events.kafka;

import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig.Durability;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** With the embedded store, which is one process's: all use it from there. */
final class SqliteKafkaPublicationTest extends KafkaPublicationTest {

    @TempDir
    private Path directory;

    private @Nullable Store store;

    @Override
    Store openClient() {
        Store open = store;
        if (open == null) {
            open = SqliteStore.open(SqliteStoreConfig.in(directory)
                    .withDurability(Durability.PROCESS_DEATH)
                    .withProgressInterval(Duration.ofMillis(100)));
            store = open;
        }
        return open;
    }

    @Override
    @AfterEach
    void close() throws InterruptedException {
        super.close();
        if (store != null) {
            store.close();
        }
    }
}
