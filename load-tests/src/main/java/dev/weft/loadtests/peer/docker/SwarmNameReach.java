package dev.weft.loadtests.peer.docker;

import dev.weft.loadtests.measure.Contender;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.peer.docker.DockerHost.Container;
import dev.weft.loadtests.probe.NameLoad;
import dev.weft.loadtests.probe.Prober;
import java.io.IOException;
import java.time.Duration;

/** Docker swarm: from the start of {@code network connect --alias} on one host until a container on the other is told. */
public final class SwarmNameReach implements Contender {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final DockerSwarm swarm;
    private final Container mover;

    private SwarmNameReach(DockerSwarm swarm, Container mover) {
        this.swarm = swarm;
        this.mover = mover;
    }

    public static SwarmNameReach open() throws IOException {
        DockerSwarm swarm = DockerSwarm.start();
        return new SwarmNameReach(swarm, swarm.host(0).run("bridge"));
    }

    @Override
    public double measure(int round) {
        String alias = "name" + round;
        double elapsed;
        try (Prober prober = Prober.ofName(swarm.container(1).namespace(), NameLoad.RESOLVER, alias)) {
            long start = System.nanoTime();
            swarm.host(0).connectAs(DockerSwarm.OVERLAY, mover, alias);
            elapsed = Stopwatch.millisecondsBetween(start, prober.firstAnswer(LIMIT));
        }
        swarm.host(0).disconnect(DockerSwarm.OVERLAY, mover);
        return elapsed;
    }

    @Override
    public void close() {
        swarm.close();
    }
}
