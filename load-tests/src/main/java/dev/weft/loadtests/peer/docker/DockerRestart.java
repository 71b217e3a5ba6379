package dev.weft.loadtests.peer.docker;

import dev.weft.lab.Await;
import dev.weft.loadtests.host.Underlay;
import dev.weft.loadtests.measure.MultiContender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.peer.docker.DockerHost.Container;
import dev.weft.loadtests.probe.Echo;
import dev.weft.loadtests.probe.PacketStream;
import dev.weft.loadtests.probe.Resolver;
import dev.weft.loadtests.probe.Spread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Kills dockerd and starts it again with {@code --live-restore}, which keeps containers running, while packets flow between
 * two containers and from another host through a published port.
 */
public final class DockerRestart implements MultiContender {

    private static final String NETWORK = "crowd";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int ASKED = 20;

    private final Underlay underlay;
    private final DockerHost docker;
    private final List<Container> containers;
    private final Echo echo;
    private final List<Resolver> resolvers;

    private DockerRestart(Underlay underlay, DockerHost docker, List<Container> containers) {
        this.underlay = underlay;
        this.docker = docker;
        this.containers = containers;
        this.echo = Echo.start(containers.getFirst().namespace());
        this.resolvers = Spread.of(0, containers.size(), ASKED).stream()
                .map(index -> new Resolver(containers.get(index).namespace(), name(index)))
                .toList();
    }

    /** @param count of containers, at least 2 */
    public static DockerRestart open(int count) throws IOException {
        Underlay underlay = Underlay.create(2);
        DockerHost docker;
        try {
            docker = DockerHost.start(underlay.host(0), "--live-restore");
        } catch (IOException | RuntimeException e) {
            underlay.close();
            throw e;
        }
        try {
            docker.createBridge(NETWORK);
            List<Container> containers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                containers.add(
                        docker.run(NETWORK, Optional.of(name(i)), i == 0 ? List.of(Echo.PORT + "/udp") : List.of()));
            }
            return new DockerRestart(underlay, docker, containers);
        } catch (RuntimeException e) {
            docker.close();
            underlay.close();
            throw e;
        }
    }

    private static String name(int index) {
        return "c" + index;
    }

    /** As Weft's: ms until it is back, ms until the resolvers answer, packets lost. */
    @Override
    public List<Double> readings(int round) throws InterruptedException {
        String server = docker.address(containers.getFirst(), NETWORK);
        try (PacketStream between = PacketStream.start(containers.get(1).namespace(), server);
                PacketStream published = PacketStream.start(underlay.host(1), underlay.address(0))) {
            docker.killDaemon();
            long start = System.nanoTime();
            docker.startDaemonAgain(containers.size());
            double back = Stopwatch.millisecondsBetween(start, System.nanoTime());
            for (Resolver resolver : resolvers) {
                Await.until("Docker's resolvers to answer", LIMIT, resolver::answers);
            }
            double names = Stopwatch.millisecondsBetween(start, System.nanoTime());
            return List.of(back, names, (double) (between.lost() + published.lost()));
        }
    }

    @Override
    public void close() {
        echo.close();
        docker.close();
        underlay.close();
    }
}
