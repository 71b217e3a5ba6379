package dev.weft.controlplane.config;

import dev.weft.config.HostPort;
import dev.weft.controlplane.cluster.hazelcast.HazelcastGroupConfig;
import dev.weft.controlplane.events.kafka.KafkaConfig;
import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.trust.TrustOperations;
import dev.weft.ops.OperationsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the control plane is started with.
 *
 * @param clusterName tells clusters from each other: automatic IPv6 subnets follow from it
 * @param listen TCP address for nodes and clients, if any but those of this host's are served
 * @param httpListen TCP address for HTTP, if it is served
 * @param runDirectory for the unix socket; may be empty at each start
 * @param leakGrace how long a node may be silent before an address that it could still hold counts as leaked
 * @param trust how connections by TCP are protected
 * @param kafka where events are published, if anywhere
 * @param cluster how the other replicas are found; empty for a control plane that works alone
 * @param operations how it shows itself to operators
 */
public record ControlPlaneConfig(
        StoreConfig store,
        String clusterName,
        Optional<HostPort> listen,
        Optional<HostPort> httpListen,
        Path runDirectory,
        Duration leakGrace,
        TrustConfig trust,
        Optional<KafkaConfig> kafka,
        Optional<HazelcastGroupConfig> cluster,
        OperationsConfig operations) {

    /** Name of the unix socket within the run directory. */
    public static final String SOCKET_NAME = "control-plane.sock";

    /** With the default grace, without TLS, HTTP and Kafka, alone. */
    public ControlPlaneConfig(StoreConfig store, String clusterName, HostPort listen, Path runDirectory) {
        this(
                store,
                clusterName,
                Optional.of(listen),
                Optional.empty(),
                runDirectory,
                LeakPolicy.DEFAULT.grace(),
                new TrustConfig(new TrustConfig.Insecure(), Optional.empty(), TrustOperations.DEFAULT_NODE_LIFETIME),
                Optional.empty(),
                Optional.empty(),
                OperationsConfig.DEFAULT);
    }

    public Path socket() {
        return runDirectory.resolve(SOCKET_NAME);
    }
}
