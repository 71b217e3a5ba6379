package dev.weft.controlplane.config;

import dev.weft.config.ConfigException;
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

    /** With less, watches that resume after a moment would have to list again. */
    private static final long LEAST_REVISIONS = 100;

    private static final long MOST_REVISIONS = 1_000_000_000;

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
            names = "--etcd-keep-revisions",
            paramLabel = "N",
            defaultValue = "" + EtcdStoreConfig.DEFAULT_KEEP_REVISIONS,
            description = "The leader compacts etcd's history but for so many revisions; 0: never, for an etcd that"
                    + " others use, too (default: ${DEFAULT-VALUE}).")
    private long etcdKeepRevisions;

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
            return EtcdStoreConfig.of(servers, etcdPrefix).withKeepRevisions(keepRevisions());
        } catch (IllegalArgumentException e) {
            throw new ConfigException("option etcd-prefix: " + e.getMessage(), e);
        }
    }

    private long keepRevisions() {
        if (etcdKeepRevisions != 0 && (etcdKeepRevisions < LEAST_REVISIONS || etcdKeepRevisions > MOST_REVISIONS)) {
            throw new ConfigException("option etcd-keep-revisions: " + etcdKeepRevisions + " should be 0 or "
                    + LEAST_REVISIONS + " to " + MOST_REVISIONS);
        }
        return etcdKeepRevisions;
    }
}
