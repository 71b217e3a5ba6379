package dev.weft.loadtests.peer.docker;

import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.MultiContender;
import dev.weft.loadtests.peer.docker.DockerHost.Container;
import dev.weft.loadtests.probe.NameLoad;
import dev.weft.loadtests.probe.NameRound;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Docker's embedded resolver in a container on a user-defined bridge network, asked for another container of it. */
public final class DockerNames implements MultiContender {

    private static final String NETWORK = "names";

    private final HostNamespace namespace;
    private final DockerHost docker;
    private final NameLoad load;

    private DockerNames(HostNamespace namespace, DockerHost docker, NameLoad load) {
        this.namespace = namespace;
        this.docker = docker;
        this.load = load;
    }

    public static DockerNames open() throws IOException {
        HostNamespace namespace = HostNamespace.create();
        DockerHost docker = DockerHost.startOrClose(namespace);
        try {
            docker.createBridge(NETWORK);
            Container asking = docker.run(NETWORK);
            Container unused = docker.run(NETWORK, Optional.of("asked"), List.of());
            return new DockerNames(namespace, docker, NameLoad.open(asking.namespace(), NameLoad.RESOLVER, "asked"));
        } catch (RuntimeException e) {
            docker.close();
            namespace.close();
            throw e;
        }
    }

    @Override
    public List<Double> readings(int round) throws IOException {
        return new NameRound(load).readings();
    }

    @Override
    public void close() {
        load.close();
        docker.close();
        namespace.close();
    }
}
