package dev.weft.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What a lab should be.
 *
 * @param name in names of namespaces and directories: 1 to 12 lower-case letters and digits
 * @param hosts how many hosts run a daemon
 * @param replicas how many control planes there are, 1 to 4; more than one need etcd
 * @param etcdMembers how many servers etcd has, 1 or 3; 1 with another store
 * @param kafka whether there is a Kafka broker, beside the control plane, which publishes events to it
 * @param mtu of the underlay, in bytes
 * @param home the checkout or installed tree whose launchers are used
 * @param directory where everything that the lab writes goes
 */
public record LabSpec(
        String name,
        int hosts,
        StoreKind store,
        int replicas,
        int etcdMembers,
        boolean kafka,
        UnderlayFamily underlay,
        int mtu,
        Lifetime lifetime,
        Path home,
        Path directory) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,12}");

    /** Which store the control plane uses. */
    public enum StoreKind {
        SQLITE,
        ETCD
    }

    /** Which family the nodes' tunnel addresses are of. */
    public enum UnderlayFamily {
        IPV4,
        IPV6
    }

    /** Who ends the lab. */
    public enum Lifetime {
        /** It lasts until somebody takes it down. */
        KEPT,
        /** It belongs to this process; when that has died, the next lab sweeps it away. */
        OWNED
    }

    public LabSpec {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "invalid lab name '" + name + "': it should be 1 to 12 lower-case letters and digits");
        }
        if (hosts < 1 || hosts > 64) {
            throw new IllegalArgumentException("a lab has 1 to 64 hosts, not " + hosts);
        }
        if (replicas < 1 || replicas > 4) {
            throw new IllegalArgumentException("a lab has 1 to 4 control planes, not " + replicas);
        }
        if (etcdMembers != 1 && etcdMembers != 3) {
            throw new IllegalArgumentException("a lab has 1 or 3 members of etcd, not " + etcdMembers);
        }
        if (store != StoreKind.ETCD && (replicas > 1 || etcdMembers > 1)) {
            throw new IllegalArgumentException(
                    "the embedded store is one control plane's own: several replicas need etcd as their store");
        }
    }

    /** An owned lab of three hosts with the embedded store. */
    public static LabSpec named(String name) {
        return named(name, findHome());
    }

    /** The same with the launchers of another tree. */
    public static LabSpec named(String name, Path home) {
        return new LabSpec(
                name,
                3,
                StoreKind.SQLITE,
                1,
                1,
                false,
                UnderlayFamily.IPV4,
                1500,
                Lifetime.OWNED,
                home,
                Lab.BASE_DIRECTORY.resolve(name));
    }

    public LabSpec withHosts(int count) {
        return new LabSpec(name, count, store, replicas, etcdMembers, kafka, underlay, mtu, lifetime, home, directory);
    }

    public LabSpec withStore(StoreKind kind) {
        return new LabSpec(name, hosts, kind, replicas, etcdMembers, kafka, underlay, mtu, lifetime, home, directory);
    }

    /** With several control planes, on etcd. */
    public LabSpec withReplicas(int count) {
        return new LabSpec(
                name, hosts, StoreKind.ETCD, count, etcdMembers, kafka, underlay, mtu, lifetime, home, directory);
    }

    /** With etcd as the store, of so many members. */
    public LabSpec withEtcd(int members) {
        return new LabSpec(
                name, hosts, StoreKind.ETCD, replicas, members, kafka, underlay, mtu, lifetime, home, directory);
    }

    /** With a Kafka broker that events are published to. */
    public LabSpec withKafka() {
        return new LabSpec(name, hosts, store, replicas, etcdMembers, true, underlay, mtu, lifetime, home, directory);
    }

    public LabSpec withUnderlay(UnderlayFamily family) {
        return new LabSpec(name, hosts, store, replicas, etcdMembers, kafka, family, mtu, lifetime, home, directory);
    }

    public LabSpec withMtu(int bytes) {
        return new LabSpec(
                name, hosts, store, replicas, etcdMembers, kafka, underlay, bytes, lifetime, home, directory);
    }

    public LabSpec withLifetime(Lifetime value) {
        return new LabSpec(name, hosts, store, replicas, etcdMembers, kafka, underlay, mtu, value, home, directory);
    }

    /** The tree that holds bin/weft: the property {@code weft.home}, or the nearest directory upwards from here. */
    public static Path findHome() {
        String property = System.getProperty("weft.home");
        if (property != null) {
            return Path.of(property).toAbsolutePath().normalize();
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isExecutable(at.resolve("bin/weft"))) {
                return at;
            }
        }
        throw new LabException("no bin/weft found from " + Path.of("").toAbsolutePath() + " upwards: set -Dweft.home");
    }
}
