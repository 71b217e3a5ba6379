package dev.weft.controlplane.service;

import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

final class SqliteAllocationPropertyTest extends AllocationPropertyTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private Optional<Store> shared = Optional.empty();

    /** One file has one owner, so the replicas share the client. */
    @Override
    Store openClient() {
        if (shared.isEmpty()) {
            shared = Optional.of(SqliteStore.open(
                    SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH)));
        }
        return shared.get();
    }

    @Override
    int operations() {
        return 150;
    }
}
