package dev.weft.loadtests.peer.docker;

import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.peer.docker.DockerHost.Container;
import dev.weft.loadtests.probe.Echo;
import dev.weft.loadtests.probe.Prober;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Docker swarm: from the start of {@code network connect} on one host until a container on the other gets an answer. */
public final class SwarmReach implements Contender {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final DockerSwarm swarm;
    private final Container mover;
    private final Echo echo;

    private SwarmReach(DockerSwarm swarm, Container mover, Echo echo) {
        this.swarm = swarm;
        this.mover = mover;
        this.echo = echo;
    }

    public static SwarmReach open() throws IOException {
        DockerSwarm swarm = DockerSwarm.start();
        Container mover = swarm.host(0).run("bridge");
        Prober.resolveQuickly(swarm.container(1).namespace());
        return new SwarmReach(swarm, mover, Echo.start(mover.namespace()));
    }

    @Override
    public double measure(int round) {
        String address = DockerSwarm.freshAddress(round);
        double elapsed;
        try (Prober prober = Prober.start(swarm.container(1).namespace(), address)) {
            long start = System.nanoTime();
            swarm.host(0).connect(DockerSwarm.OVERLAY, mover, Optional.of(address));
            elapsed = Stopwatch.millisecondsBetween(start, prober.firstAnswer(LIMIT));
        }
        swarm.host(0).disconnect(DockerSwarm.OVERLAY, mover);
        return elapsed;
    }

    @Override
    public void close() {
        echo.close();
        swarm.close();
    }
}
