package dev.weft.loadtests.peer.docker;

import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.peer.docker.DockerHost.Container;
import java.io.IOException;
import java.util.Optional;

/** {@code docker network create} of a bridge network with a subnet of Docker's choice, by the API on a kept connection. */
public final class DockerNetworkCreate implements Contender {

    private final HostNamespace namespace;
    private final DockerHost docker;
    private final Container container;
    private final Until until;

    /** What ends the measurement. */
    public enum Until {
        CREATED,
        /** A container that runs is connected to the new network as well. */
        FIRST_ENDPOINT
    }

    private DockerNetworkCreate(HostNamespace namespace, DockerHost docker, Container container, Until until) {
        this.namespace = namespace;
        this.docker = docker;
        this.container = container;
        this.until = until;
    }

    public static DockerNetworkCreate open(Until until) throws IOException {
        HostNamespace namespace = HostNamespace.create();
        DockerHost docker = DockerHost.startOrClose(namespace);
        return new DockerNetworkCreate(namespace, docker, docker.run("bridge"), until);
    }

    @Override
    public double measure(int round) {
        String name = "bench" + round;
        double elapsed = Stopwatch.milliseconds(() -> {
            docker.createBridge(name);
            if (until == Until.FIRST_ENDPOINT) {
                docker.connect(name, container, Optional.empty());
            }
        });
        if (until == Until.FIRST_ENDPOINT) {
            docker.disconnect(name, container);
        }
        docker.removeNetwork(name);
        return elapsed;
    }

    @Override
    public void close() {
        docker.close();
        namespace.close();
    }
}
