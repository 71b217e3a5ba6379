package dev.weft.loadtests.peer.docker;

import dev.weft.loadtests.host.Underlay;
import dev.weft.loadtests.measure.Bounded;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.peer.docker.DockerHost.Container;
import dev.weft.loadtests.probe.Connections;
import dev.weft.loadtests.probe.EchoServer;
import dev.weft.loadtests.probe.NameLoad;
import dev.weft.loadtests.probe.Spread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code docker network connect} of a running container whose ports are published, and which was on an internal network
 * only until then: that is when Docker publishes them. It has no way to publish a port of a container that is connected.
 */
public final class DockerPublish implements Contender {

    private static final String INTERNAL = "inside";
    private static final String NETWORK = "second";
    private static final String NAME = "published";
    private static final int TRIED = 3;

    private final Underlay underlay;
    private final Duration limit;
    private final List<Integer> tried;
    private Optional<DockerHost> docker = Optional.empty();
    private Optional<Container> container = Optional.empty();
    private Optional<EchoServer> server = Optional.empty();
    private Optional<NameLoad> names = Optional.empty();
    private boolean closed;

    private DockerPublish(Underlay underlay, Duration limit, List<Integer> tried) {
        this.underlay = underlay;
        this.limit = limit;
        this.tried = tried;
    }

    /** Whether Docker starts a process for each published port that takes the host's own connections. */
    public enum Proxy {
        /** Docker's default. */
        ON,
        OFF;

        public String option() {
            return "--userland-proxy=" + (this == ON);
        }
    }

    /** @param limit of one round's connect */
    public static DockerPublish open(Proxy proxy, int first, int count, Duration limit) throws IOException {
        DockerPublish publish = new DockerPublish(Underlay.create(2), limit, Spread.of(first, count, TRIED));
        try {
            publish.prepare(proxy, DockerHost.tcp(first, count));
            return publish;
        } catch (IOException | RuntimeException e) {
            publish.close();
            throw e;
        }
    }

    private void prepare(Proxy proxy, List<String> ports) throws IOException {
        DockerHost started = DockerHost.start(underlay.host(0), proxy.option());
        docker = Optional.of(started);
        started.createInternalBridge(INTERNAL);
        started.createBridge(NETWORK);
        Container made = started.run(INTERNAL, Optional.of(NAME), ports);
        container = Optional.of(made);
        server = Optional.of(EchoServer.start(made.namespace(), tried));
        names = Optional.of(NameLoad.open(made.namespace(), NameLoad.RESOLVER, NAME));
    }

    @Override
    public double measure(int round) throws Exception {
        DockerHost ours = docker.orElseThrow();
        Container connected = container.orElseThrow();
        double elapsed;
        try {
            elapsed =
                    Bounded.milliseconds(limit, () -> ours.connect(NETWORK, connected, Optional.empty()), this::close);
        } catch (UncheckedIOException e) {
            throw new IllegalStateException(e.getMessage() + ": " + ours.lastWords(), e);
        }
        new Connections(underlay.host(1), underlay.address(0), tried).check();
        names.orElseThrow().check();
        double unused = Bounded.milliseconds(limit, () -> ours.disconnect(NETWORK, connected), this::close);
        return elapsed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.ifPresent(EchoServer::close);
        names.ifPresent(NameLoad::close);
        docker.ifPresent(DockerHost::close);
        underlay.close();
    }
}
