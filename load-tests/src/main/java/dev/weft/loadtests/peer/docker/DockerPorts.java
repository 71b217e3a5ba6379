package dev.weft.loadtests.peer.docker;

import dev.weft.loadtests.host.Underlay;
import dev.weft.loadtests.measure.MultiContender;
import dev.weft.loadtests.peer.docker.DockerHost.Container;
import dev.weft.loadtests.peer.docker.DockerPublish.Proxy;
import dev.weft.loadtests.probe.ConnectionRound;
import dev.weft.loadtests.probe.Connections;
import dev.weft.loadtests.probe.EchoServer;
import dev.weft.loadtests.probe.Spread;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Connections from another host through ports that Docker has published, all to one container. */
public final class DockerPorts implements MultiContender {

    private final Underlay underlay;
    private final DockerHost docker;
    private final EchoServer server;
    private final ConnectionRound work;

    private DockerPorts(Underlay underlay, DockerHost docker, EchoServer server, ConnectionRound work) {
        this.underlay = underlay;
        this.docker = docker;
        this.server = server;
        this.work = work;
    }

    public static DockerPorts open(Proxy proxy, int first, int count) throws IOException {
        Underlay underlay = Underlay.create(2);
        DockerHost docker;
        try {
            docker = DockerHost.start(underlay.host(0), proxy.option());
        } catch (IOException | RuntimeException e) {
            underlay.close();
            throw e;
        }
        try {
            docker.createBridge("ports");
            Container container = docker.run("ports", Optional.empty(), DockerHost.tcp(first, count));
            List<Integer> sample = Spread.of(first, count, ConnectionRound.PORTS);
            EchoServer server = EchoServer.start(container.namespace(), sample);
            ConnectionRound work = new ConnectionRound(new Connections(underlay.host(1), underlay.address(0), sample));
            work.check();
            return new DockerPorts(underlay, docker, server, work);
        } catch (RuntimeException e) {
            docker.close();
            underlay.close();
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
        docker.close();
        underlay.close();
    }
}
