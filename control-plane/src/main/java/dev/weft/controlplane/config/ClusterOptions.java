package dev.weft.controlplane.config;

import dev.weft.config.ConfigException;
import dev.weft.config.HostPort;
import dev.weft.controlplane.cluster.hazelcast.HazelcastGroupConfig;
import dev.weft.controlplane.store.config.StoreConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The part of the command line that is about several control planes on one store. */
final class ClusterOptions {

    @Option(
            names = "--cluster-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "",
            description = "This replica's address on the network of the control plane's replicas; the port after it is"
                    + " used, too. Without it, this control plane works alone.")
    private String listen = "";

    @Option(
            names = "--cluster-member",
            paramLabel = "HOST:PORT[,...]",
            defaultValue = "",
            description = "The replicas' --cluster-listen addresses; this one's may be among them.")
    private String members = "";

    /** @throws ConfigException for anything that is wrong */
    Optional<HazelcastGroupConfig> toConfig(String clusterName, StoreConfig store) {
        if (listen.isEmpty()) {
            if (!members.isEmpty()) {
                throw new ConfigException(
                        "option cluster-member: it needs --cluster-listen, where this replica listens for the others");
            }
            return Optional.empty();
        }
        if (store instanceof StoreConfig.Sqlite) {
            throw new ConfigException(
                    "option cluster-listen: the embedded store is one control plane's own; several need --store etcd");
        }
        HostPort own = HostPort.parse("cluster-listen", listen);
        if (own.isWildcard()) {
            throw new ConfigException("option cluster-listen: " + own + " means every interface; name the address of"
                    + " the replicas' own network, since what they say to each other is neither encrypted nor signed");
        }
        if (own.port() == 0 || own.port() == 65_535) {
            throw new ConfigException(
                    "option cluster-listen: the port should be 1 to 65534, and the one after it free");
        }
        if (members.isEmpty()) {
            throw new ConfigException("option cluster-member: name the other replicas' --cluster-listen addresses;"
                    + " nobody is looked for by multicast");
        }
        List<String> others = Arrays.stream(members.split(",", -1))
                .map(member -> HostPort.parse("cluster-member", member.strip()).toString())
                .toList();
        return Optional.of(new HazelcastGroupConfig(clusterName, own.host(), own.port(), others));
    }
}
