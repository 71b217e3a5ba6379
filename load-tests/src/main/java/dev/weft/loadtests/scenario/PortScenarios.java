package dev.weft.loadtests.scenario;

import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.measure.Battery;
import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.Entrant;
import dev.weft.loadtests.measure.Entrant.Side;
import dev.weft.loadtests.measure.Target;
import dev.weft.loadtests.measure.Unit;
import dev.weft.loadtests.peer.docker.DockerPorts;
import dev.weft.loadtests.peer.docker.DockerPublish;
import dev.weft.loadtests.peer.docker.DockerPublish.Proxy;
import dev.weft.loadtests.probe.ConnectionRound;
import dev.weft.loadtests.scenario.Scenarios.Scale;
import dev.weft.loadtests.weft.WeftPorts;
import dev.weft.loadtests.weft.WeftPublish;
import dev.weft.loadtests.weft.WeftPublish.Way;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Published ports: how long publishing takes, and what they cost the packets. */
final class PortScenarios {

    /** Below the ports that the kernel gives to connections (32768 and up), with 12 000 to spare. */
    private static final int FIRST_PORT = 20_000;

    /** 30 000 from here on are below them too. */
    private static final int FIRST_OF_MANY = 2000;

    private static final String LIMIT_OF_FILES =
            "Weft's daemon holds a socket for each port: 30 000 need a limit of open files (`ulimit -Hn`) above that.";

    private static final Duration DOCKER_LIMIT = Duration.ofMinutes(2);

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
        all.add(attach());
        all.add(latency());
        return all;
    }

    private Battery attach() {
        int ports = 2;
        String weft = "`CreateEndpoint` for a sandbox with " + ports
                + " published ports and no other network, at the control plane on %s";
        return Battery.of(new Comparison(
                "attach-full",
                "Attach with ports and names",
                Unit.MILLISECONDS,
                scale.of(200),
                scale.of(100),
                List.of(
                        new Entrant(
                                "Weft API, etcd",
                                Side.WEFT,
                                weft.formatted("etcd") + Scenarios.WEFT_METHOD,
                                () -> WeftPublish.open(StoreKind.ETCD, Way.CONNECT, FIRST_PORT, ports)),
                        new Entrant(
                                "Weft API, SQLite",
                                Side.WEFT,
                                "the same on the embedded store",
                                () -> WeftPublish.open(StoreKind.SQLITE, Way.CONNECT, FIRST_PORT, ports)),
                        docker("Docker, no userland proxy", Proxy.OFF, ports),
                        docker("Docker", Proxy.ON, ports)),
                List.of(),
                List.of(
                        "A user-defined bridge network, two TCP ports on all addresses. After each round both are tried from"
                                + " another host, and the resolver with the sandbox's own name.",
                        "Weft starts the sandbox's resolver with this network; Docker's is there already, for the internal"
                                + " network that the container is on.")));
    }

    private Battery latency() {
        List<Entrant> entrants = List.of(
                weftPorts(1),
                weftPorts(1000),
                weftPorts(10_000),
                weftPorts(18_000),
                weftPorts(30_000),
                dockerPorts("Docker, no userland proxy, ", Proxy.OFF, 1),
                dockerPorts("Docker, no userland proxy, ", Proxy.OFF, 1000),
                dockerPorts("Docker, ", Proxy.ON, 1),
                dockerPorts("Docker, ", Proxy.ON, 1000));
        List<Target> flat = Stream.of(1000, 10_000, 18_000, 30_000)
                .<Target>map(count -> new Target.Near(weftName(count), 0.1, weftName(1)))
                .toList();
        int warmUps = scale.of(5);
        int rounds = scale.of(30);
        String from =
                " From another host, through %d of the published ports in turn, to one container; each connection is ended with a reset."
                        .formatted(ConnectionRound.PORTS);
        return new Battery(
                "port-latency",
                List.of(
                        new Comparison(
                                "port-latency",
                                "First packet through a published port, by how many are published",
                                Unit.MICROSECONDS,
                                warmUps,
                                rounds,
                                entrants,
                                flat,
                                List.of(
                                        "From the first packet of a TCP connection to its answer (SYN to SYN-ACK); the figure of a"
                                                + " round is the median of %d, one after the other.%s"
                                                        .formatted(ConnectionRound.HANDSHAKES, from),
                                        LIMIT_OF_FILES)),
                        new Comparison(
                                "port-connections",
                                "Connections a second through a published port, by how many are published",
                                Unit.PER_SECOND,
                                warmUps,
                                rounds,
                                entrants,
                                flat,
                                List.of(
                                        "%d threads for %d s, a byte there and back in each connection.%s"
                                                .formatted(
                                                        ConnectionRound.THREADS,
                                                        ConnectionRound.LOAD.toSeconds(),
                                                        from),
                                        LIMIT_OF_FILES))));
    }

    private static String weftName(int count) {
        return "Weft, " + count + (count == 1 ? " port" : " ports");
    }

    private static Entrant weftPorts(int count) {
        return new Entrant(
                weftName(count),
                Side.WEFT,
                "a bridge network, the embedded store",
                () -> WeftPorts.open(FIRST_OF_MANY, count));
    }

    private static Entrant dockerPorts(String name, Proxy proxy, int count) {
        return new Entrant(
                name + count + (count == 1 ? " port" : " ports"),
                Side.PEER,
                "a user-defined bridge network, dockerd `" + proxy.option() + "`",
                () -> DockerPorts.open(proxy, FIRST_OF_MANY, count));
    }

    private Battery publish(int count, int warmUps, int rounds) {
        return new Battery(
                "publish",
                List.of(
                        new Comparison(
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
                                                () -> WeftPublish.open(
                                                        StoreKind.ETCD, Way.PORT_ADD, FIRST_PORT, count)),
                                        new Entrant(
                                                "Weft port add, SQLite",
                                                Side.WEFT,
                                                "the same on the embedded store",
                                                () -> WeftPublish.open(
                                                        StoreKind.SQLITE, Way.PORT_ADD, FIRST_PORT, count)),
                                        new Entrant(
                                                "Weft network connect, SQLite",
                                                Side.WEFT,
                                                "`CreateEndpoint` for a sandbox whose ports these are and that is on no other network",
                                                () -> WeftPublish.open(
                                                        StoreKind.SQLITE, Way.CONNECT, FIRST_PORT, count)),
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
