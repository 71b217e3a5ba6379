package dev.weft.controlplane.store.sqlite;

import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreContractTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** SQLite keeps the contract. */
final class SqliteStoreContractTest extends StoreContractTest {

    @TempDir
    private Path directory;

    @Override
    protected Store openEmpty() {
        return SqliteStore.open(
                SqliteStoreConfig.in(directory.resolve("state")).withProgressInterval(Duration.ofMillis(50)));
    }
}
