package dev.weft.loadtests.peer.docker;

import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.peer.docker.DockerHost.Container;
import java.io.IOException;
import java.util.Optional;

/** {@code docker network connect}: a second bridge network for a container that runs, by the API on a kept connection. */
public final class DockerConnect implements Contender {

    private static final String NETWORK = "second";

    private final HostNamespace namespace;
    private final DockerHost docker;
    private final Container container;

    private DockerConnect(HostNamespace namespace, DockerHost docker, Container container) {
        this.namespace = namespace;
        this.docker = docker;
        this.container = container;
    }

    public static DockerConnect open() throws IOException {
        HostNamespace namespace = HostNamespace.create();
        DockerHost docker = DockerHost.startOrClose(namespace);
        docker.createBridge(NETWORK);
        return new DockerConnect(namespace, docker, docker.run("bridge"));
    }

    @Override
    public double measure(int round) {
        double elapsed = Stopwatch.milliseconds(() -> docker.connect(NETWORK, container, Optional.empty()));
        docker.disconnect(NETWORK, container);
        return elapsed;
    }

    @Override
    public void close() {
        docker.close();
        namespace.close();
    }
}
