package dev.weft.loadtests.weft;

import dev.weft.api.v1.PortSpec;
import dev.weft.api.v1.Sandbox;
import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.probe.Connections;
import dev.weft.loadtests.probe.EchoServer;
import dev.weft.loadtests.probe.NameLoad;
import dev.weft.loadtests.probe.Spread;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Publishes a range of ports of a sandbox by the API, until its node has done it. After each round some of them are tried,
 * and the sandbox's resolver.
 */
public final class WeftPublish implements Contender {

    private static final String NETWORK = "second";
    private static final String NAME = "published";
    private static final int TRIED = 3;

    private final WeftCluster cluster;
    private final Way way;
    private final PortSpec ports;
    private final List<Integer> tried;
    private Optional<Sandbox> sandbox = Optional.empty();
    private Optional<EchoServer> server = Optional.empty();
    private Optional<NameLoad> names = Optional.empty();

    /** How the ports come to be published. */
    public enum Way {
        /** {@code weft port add} to a sandbox that is connected. */
        PORT_ADD,
        /** {@code weft network connect} of a sandbox whose ports these are, and which has no other network. */
        CONNECT
    }

    private WeftPublish(WeftCluster cluster, Way way, int first, int count) {
        this.cluster = cluster;
        this.way = way;
        this.ports = WeftCluster.ports(first, count);
        this.tried = Spread.of(first, count, TRIED);
    }

    public static WeftPublish open(StoreKind store, Way way, int first, int count) {
        WeftPublish publish = new WeftPublish(WeftCluster.start(store, 1), way, first, count);
        try {
            publish.prepare();
            return publish;
        } catch (RuntimeException e) {
            publish.close();
            throw e;
        }
    }

    private void prepare() {
        cluster.createBridge(cluster.host(1), NETWORK);
        Sandbox made = cluster.createSandbox(
                cluster.host(1), NETWORK, Optional.of(NAME), way == Way.PORT_ADD ? List.of() : List.of(ports));
        sandbox = Optional.of(made);
        HostNamespace namespace = cluster.namespace(made);
        server = Optional.of(EchoServer.start(namespace, tried));
        names = Optional.of(NameLoad.open(namespace, NameLoad.RESOLVER, NAME));
        if (way == Way.CONNECT) {
            cluster.disconnect(made, NETWORK);
        }
    }

    @Override
    public double measure(int round) throws IOException {
        Sandbox ours = sandbox.orElseThrow();
        try (HostNamespace client = cluster.openOutside()) {
            Connections connections = new Connections(client, cluster.host(1).address(), tried);
            return switch (way) {
                case PORT_ADD -> {
                    double elapsed = Stopwatch.milliseconds(() -> cluster.addPorts(ours, ports));
                    connections.check();
                    names.orElseThrow().check();
                    cluster.removePorts(ours, ports);
                    yield elapsed;
                }
                case CONNECT -> {
                    double elapsed = Stopwatch.milliseconds(() -> cluster.connect(ours, NETWORK, Optional.empty()));
                    connections.check();
                    names.orElseThrow().check();
                    cluster.disconnect(ours, NETWORK);
                    yield elapsed;
                }
            };
        }
    }

    @Override
    public void close() {
        server.ifPresent(EchoServer::close);
        names.ifPresent(NameLoad::close);
        cluster.close();
    }
}
