package dev.weft.controlplane.backup;

import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import java.nio.file.Path;

/** Embedded to embedded. */
final class SqliteBackupTest extends BackupContractTest {

    @Override
    Store openEmpty(Path directory) {
        return SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
    }
}
