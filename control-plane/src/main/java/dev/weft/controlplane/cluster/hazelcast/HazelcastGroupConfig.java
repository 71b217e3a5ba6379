package dev.weft.controlplane.cluster.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MemberAttributeConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import dev.weft.controlplane.cluster.Replica;
import java.util.List;

/**
 * How this replica finds the others.
 *
 * @param host an address of this machine on the replicas' own network; not a wildcard
 * @param port of Hazelcast; Vert.x's event bus takes the one after it
 * @param members {@code host:port} of the replicas; whether this one is among them does not matter
 */
public record HazelcastGroupConfig(String clusterName, String host, int port, List<String> members) {

    static final String OBSERVATIONS = "weft.nodes";
    static final String NAME_ATTRIBUTE = "weft.replica";
    static final String ADDRESS_ATTRIBUTE = "weft.address";

    /** By which Vert.x tells members from each other. */
    private static final String VERTX_ATTRIBUTE = "__vertx.nodeId";

    public HazelcastGroupConfig {
        members = List.copyOf(members);
    }

    int eventBusPort() {
        return port + 1;
    }

    /** Nobody is found but by the list, nothing is listened on but the address, and nobody is told that this runs. */
    Config toHazelcast(Replica self) {
        Config config = new Config();
        config.setClusterName("weft-" + clusterName);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.socket.client.bind.any", "false");
        config.setProperty("hazelcast.tcp.join.port.try.count", "1");
        config.setProperty("hazelcast.prefer.ipv4.stack", Boolean.toString(host.indexOf(':') < 0));
        // A replica that dies without a word is missed after about ten seconds, as the leader is.
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "10");
        config.setProperty("hazelcast.wait.seconds.before.join", "1");
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "10");
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "10");
        config.setProperty("hazelcast.graceful.shutdown.max.wait", "3");
        config.getMetricsConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);

        NetworkConfig network = config.getNetworkConfig();
        network.setPort(port).setPortAutoIncrement(false).setPublicAddress(bracketed(host) + ":" + port);
        network.getInterfaces().setEnabled(true).addInterface(host);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(1);
        members.forEach(join.getTcpIpConfig()::addMember);

        config.setMemberAttributeConfig(new MemberAttributeConfig()
                .setAttribute(NAME_ATTRIBUTE, self.name())
                .setAttribute(ADDRESS_ATTRIBUTE, self.address())
                .setAttribute(VERTX_ATTRIBUTE, self.name()));
        // What a member sends is made into objects of these packages only.
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        filter.getWhitelist()
                .addPrefixes("dev.weft.controlplane.cluster.", "com.hazelcast.", "io.vertx.", "java.", "[");
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter);

        // Each replica has all of it in its own memory, too: the copy is for one that joins when another has just died.
        config.addMapConfig(new MapConfig(OBSERVATIONS)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                .setBackupCount(0)
                .setAsyncBackupCount(1)
                .setStatisticsEnabled(false));
        // What Vert.x's cluster manager keeps.
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
        return config;
    }

    static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
