package dev.weft.loadtests.scenario;

import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.measure.Battery;
import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.Entrant;
import dev.weft.loadtests.measure.Entrant.Side;
import dev.weft.loadtests.measure.Unit;
import dev.weft.loadtests.peer.docker.DockerPublish;
import dev.weft.loadtests.peer.docker.DockerPublish.Proxy;
import dev.weft.loadtests.scenario.Scenarios.Scale;
import dev.weft.loadtests.weft.WeftPublish;
import dev.weft.loadtests.weft.WeftPublish.Way;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Published ports: how long publishing takes, and what they cost the packets. */
final class PortScenarios {

    /** Below the ports that the kernel gives to connections (32768 and up), with 12 000 to spare. */
    private static final int FIRST_PORT = 20_000;

    private static final Duration DOCKER_LIMIT = Duration.ofSeconds(120);

    private final Scale scale;

    PortScenarios(Scale scale) {
        this.scale = scale;
    }

    List<Battery> all() {
        List<Battery> all = new ArrayList<>();
        all.add(publish(1, 100, 100));
        all.add(publish(100, 20, 20));
        all.add(publish(500, 3, 5));
        all.add(publish(10_000, 2, 5));
        return all;
    }

    private Battery publish(int count, int warmUps, int rounds) {
        return new Battery(
                "publish",
                List.of(new Comparison(
                        "publish-" + count,
                        "Publish " + count + (count == 1 ? " port" : " ports") + " of one container",
                        Unit.MILLISECONDS,
                        scale.of(warmUps),
                        scale.of(rounds),
                        List.of(
                                new Entrant(
                                        "Weft port add, etcd",
                                        Side.WEFT,
                                        "`AddPorts` of one range for a connected sandbox, at the control plane on etcd"
                                                + Scenarios.WEFT_METHOD,
                                        () -> WeftPublish.open(StoreKind.ETCD, Way.PORT_ADD, FIRST_PORT, count)),
                                new Entrant(
                                        "Weft port add, SQLite",
                                        Side.WEFT,
                                        "the same on the embedded store",
                                        () -> WeftPublish.open(StoreKind.SQLITE, Way.PORT_ADD, FIRST_PORT, count)),
                                new Entrant(
                                        "Weft network connect, SQLite",
                                        Side.WEFT,
                                        "`CreateEndpoint` for a sandbox whose ports these are and that is on no other network",
                                        () -> WeftPublish.open(StoreKind.SQLITE, Way.CONNECT, FIRST_PORT, count)),
                                docker("Docker, no userland proxy", Proxy.OFF, count),
                                docker("Docker", Proxy.ON, count)),
                        List.of(),
                        List.of(
                                "Docker publishes ports only when it connects a container; so that is what is timed: a network"
                                        + " more for a container that runs, whose other network is internal. Weft can do both.",
                                "After each round the first, a middle and the last port are tried from another host."))));
    }

    private static Entrant docker(String name, Proxy proxy, int count) {
        return new Entrant(
                name,
                Side.PEER,
                "`POST /networks/NAME/connect`, " + Scenarios.KEPT_CONNECTION + "; dockerd `" + proxy.option() + "`",
                () -> DockerPublish.open(proxy, FIRST_PORT, count, DOCKER_LIMIT));
    }
}
