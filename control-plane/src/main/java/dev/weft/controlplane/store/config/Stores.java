package dev.weft.controlplane.store.config;

import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.etcd.EtcdStore;
import dev.weft.controlplane.store.sqlite.SqliteStore;

/** Opens the store that a configuration asks for. */
public final class Stores {

    private Stores() {}

    /** @throws StoreException if the store is a file that cannot be opened; an etcd is not contacted yet */
    public static Store open(StoreConfig config) {
        return switch (config) {
            case StoreConfig.Sqlite sqlite -> SqliteStore.open(sqlite.settings());
            case StoreConfig.Etcd etcd -> EtcdStore.open(etcd.settings());
        };
    }
}
