package dev.weft.loadtests.weft;

import dev.weft.api.v1.Sandbox;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.MultiContender;
import dev.weft.loadtests.probe.ConnectionRound;
import dev.weft.loadtests.probe.Connections;
import dev.weft.loadtests.probe.EchoServer;
import dev.weft.loadtests.probe.Spread;
import java.util.List;
import java.util.Optional;

/** Connections from another host through ports that Weft has published, all to one sandbox. */
public final class WeftPorts implements MultiContender {

    /** As many as one wish may have, so that the wish's size is not what is measured. */
    private static final int MOST_PORTS_OF_A_WISH = 10_000;

    private final WeftCluster cluster;
    private final EchoServer server;
    private final HostNamespace client;
    private final ConnectionRound work;

    private WeftPorts(WeftCluster cluster, EchoServer server, HostNamespace client, ConnectionRound work) {
        this.cluster = cluster;
        this.server = server;
        this.client = client;
        this.work = work;
    }

    public static WeftPorts open(int first, int count) {
        WeftCluster cluster = WeftCluster.start(StoreKind.SQLITE, 1);
        try {
            cluster.createBridge(cluster.host(1), "ports");
            Sandbox sandbox = cluster.createSandbox(cluster.host(1), "ports", Optional.empty(), List.of());
            for (int done = 0; done < count; done += MOST_PORTS_OF_A_WISH) {
                cluster.addPorts(
                        sandbox, WeftCluster.ports(first + done, Math.min(MOST_PORTS_OF_A_WISH, count - done)));
            }
            List<Integer> sample = Spread.of(first, count, ConnectionRound.PORTS);
            EchoServer server = EchoServer.start(cluster.namespace(sandbox), sample);
            HostNamespace client = cluster.openOutside();
            WeftPorts ports = new WeftPorts(
                    cluster,
                    server,
                    client,
                    new ConnectionRound(new Connections(client, cluster.host(1).address(), sample)));
            ports.work.check();
            return ports;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    @Override
    public List<Double> readings(int round) throws InterruptedException {
        return work.readings();
    }

    @Override
    public void close() {
        server.close();
        client.close();
        cluster.close();
    }
}
