package dev.weft.controlplane.store.config;

import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;

/** Which store, with its own settings. */
public sealed interface StoreConfig {

    /** As it stands in options and backups. */
    default String kind() {
        return switch (this) {
            case Sqlite _ -> "sqlite";
            case Etcd _ -> "etcd";
        };
    }

    /** One control plane, no other services. */
    record Sqlite(SqliteStoreConfig settings) implements StoreConfig {}

    /** A cluster. */
    record Etcd(EtcdStoreConfig settings) implements StoreConfig {}
}
