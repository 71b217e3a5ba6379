package dev.weft.controlplane.config;

import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.etcd.EtcdAddress;
import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** Which store, the same for every command. */
final class StoreOptions {

    @Option(
            names = "--store",
            paramLabel = "sqlite|etcd",
            defaultValue = "sqlite",
            description = "Where everything is stored (default: ${DEFAULT-VALUE}).")
    private String store = "";

    @Option(
            names = "--etcd-endpoints",
            paramLabel = "HOST:PORT[,...]",
            defaultValue = "127.0.0.1:2379",
            description = "Members of the etcd cluster, with --store etcd (default: ${DEFAULT-VALUE}).")
    private String etcdEndpoints = "";

    @Option(
            names = "--etcd-prefix",
            paramLabel = "PREFIX",
            defaultValue = EtcdStoreConfig.DEFAULT_PREFIX,
            description = "What all keys in etcd begin with (default: ${DEFAULT-VALUE}).")
    private String etcdPrefix = "";

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = "/var/lib/weft/control-plane",
            description = "Directory of what is kept (default: ${DEFAULT-VALUE}).")
    private Path stateDirectory = Path.of("");

    Path stateDirectory() {
        return stateDirectory;
    }

    StoreConfig toConfig() {
        return switch (store) {
            case "sqlite" -> new StoreConfig.Sqlite(SqliteStoreConfig.in(stateDirectory.toAbsolutePath()));
            case "etcd" -> new StoreConfig.Etcd(etcdConfig());
            default ->
                throw new ConfigException("option store: unknown store '" + store + "': it should be sqlite or etcd");
        };
    }

    private EtcdStoreConfig etcdConfig() {
        List<EtcdAddress> servers;
        try {
            servers = Arrays.stream(etcdEndpoints.split(",", -1))
                    .map(String::strip)
                    .map(EtcdAddress::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new ConfigException("option etcd-endpoints: " + e.getMessage(), e);
        }
        try {
            return EtcdStoreConfig.of(servers, etcdPrefix);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("option etcd-prefix: " + e.getMessage(), e);
        }
    }
}
