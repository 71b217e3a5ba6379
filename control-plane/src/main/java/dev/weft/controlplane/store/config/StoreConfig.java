package dev.weft.controlplane.store.config;

import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;

/** Which store, with its own settings. */
public sealed interface StoreConfig {

    /** One control plane, no other services. */
    record Sqlite(SqliteStoreConfig settings) implements StoreConfig {}

    /** A cluster. */
    record Etcd(EtcdStoreConfig settings) implements StoreConfig {}
}
