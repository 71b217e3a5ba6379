package dev.weft.loadtests.scenario;

import dev.weft.loadtests.measure.Battery;
import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.Entrant;
import dev.weft.loadtests.measure.Entrant.Side;
import dev.weft.loadtests.measure.Target;
import dev.weft.loadtests.measure.Target.Statistic;
import dev.weft.loadtests.measure.Unit;
import dev.weft.loadtests.peer.aardvark.AardvarkNames;
import dev.weft.loadtests.peer.docker.DockerCrowd;
import dev.weft.loadtests.peer.docker.DockerNames;
import dev.weft.loadtests.peer.docker.DockerRestart;
import dev.weft.loadtests.probe.NameRound;
import dev.weft.loadtests.scenario.Scenarios.Scale;
import dev.weft.loadtests.weft.WeftCrowdedAttach;
import dev.weft.loadtests.weft.WeftMemory;
import dev.weft.loadtests.weft.WeftNames;
import dev.weft.loadtests.weft.WeftRestart;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a node's daemon does beside its kernel's work, and what it takes where there is much of it. */
final class NodeScenarios {

    private static final String SCALE = "scale-node";
    private static final String RESOLVER = "Weft's resolver";

    private final Scale scale;

    NodeScenarios(Scale scale) {
        this.scale = scale;
    }

    List<Battery> all() {
        List<Battery> all = new ArrayList<>();
        all.add(names());
        all.add(memory());
        all.add(restart());
        all.add(attach());
        return all;
    }

    private Battery memory() {
        List<Entrant> weft = Stream.of(0, 100, 1000)
                .map(count -> new Entrant(
                        weftName(count),
                        Side.WEFT,
                        "a daemon with " + count + " sandboxes on one bridge network",
                        () -> WeftMemory.open(count)))
                .toList();
        List<Entrant> docker = Stream.of(0, 100)
                .map(count -> new Entrant(
                        "Docker, " + count + " endpoints",
                        Side.PEER,
                        "dockerd and containerd with " + count
                                + " containers on one bridge network; their shims not included",
                        () -> DockerCrowd.memory(count)))
                .toList();
        String heap = "The heap of Weft's daemon is limited to 256 MiB and starts with 32.";
        return new Battery(
                SCALE,
                List.of(
                        new Comparison(
                                "node-memory",
                                "Resident memory of a node's daemon",
                                Unit.MEBIBYTES,
                                1,
                                scale.of(5),
                                Stream.concat(weft.stream(), docker.stream()).toList(),
                                List.of(),
                                List.of("VmRSS, pages shared with other processes included. " + heap)),
                        new Comparison(
                                "node-heap",
                                "Live heap of a node's daemon",
                                Unit.MEBIBYTES,
                                1,
                                scale.of(5),
                                weft,
                                List.of(),
                                List.of("After a full collection. " + heap + " No peer: dockerd does not tell."))));
    }

    private Battery restart() {
        List<Entrant> entrants = List.of(
                new Entrant(
                        weftName(1000),
                        Side.WEFT,
                        "`kill -9` of the daemon, and its start again with the AOT cache that `make build` makes",
                        () -> WeftRestart.open(1000)),
                new Entrant(
                        "Docker live-restore, 100 endpoints",
                        Side.PEER,
                        "`kill -9` of dockerd, and its start again until `GET /containers/json` has 100 running containers; a"
                                + " thousand of them would take it longer to make than all else here",
                        () -> DockerRestart.open(100)));
        return new Battery(
                SCALE,
                List.of(
                        new Comparison(
                                "node-restart",
                                "A daemon restarts",
                                Unit.MILLISECONDS,
                                scale.of(1),
                                scale.of(10),
                                entrants,
                                List.of(new Target.AtMost(weftName(1000), Statistic.P99, 2000)),
                                List.of(
                                        "From the start of its process until the control plane has its report that the kernel is"
                                                + " as desired, all 1000 endpoints. Docker has no such report.")),
                        new Comparison(
                                "node-restart-names",
                                "Names after a daemon restarts",
                                Unit.MILLISECONDS,
                                scale.of(1),
                                scale.of(10),
                                entrants,
                                List.of(),
                                List.of(
                                        "From the start of its process until the resolvers of 20 sandboxes, evenly chosen, all answer.")),
                        new Comparison(
                                "node-restart-loss",
                                "Packets lost while a daemon restarts",
                                Unit.PACKETS,
                                scale.of(1),
                                scale.of(10),
                                entrants,
                                List.of(new Target.AtMost(weftName(1000), Statistic.P99, 0)),
                                List.of(
                                        "Two streams of a packet each millisecond, there and back, from before the kill until it is"
                                                + " in sync: between two sandboxes (containers), and from another host through a published port."))));
    }

    private Battery attach() {
        return new Battery(
                SCALE,
                List.of(new Comparison(
                        "node-attach",
                        "Attach to a bridge network, by how many endpoints it has",
                        Unit.MILLISECONDS,
                        scale.of(200),
                        scale.of(100),
                        List.of(
                                weftAttach(10),
                                weftAttach(900),
                                new Entrant(
                                        "Docker, 10 endpoints",
                                        Side.PEER,
                                        "`POST /networks/NAME/connect`, " + Scenarios.KEPT_CONNECTION,
                                        () -> DockerCrowd.attach(10, 0)),
                                new Entrant(
                                        "Docker, 900 ports",
                                        Side.PEER,
                                        "the same; 10 containers and 890 ports that were added to its bridge by hand: the same to the"
                                                + " kernel, nothing to Docker",
                                        () -> DockerCrowd.attach(10, 890))),
                        List.of(new Target.Near(weftName(900), 0.1, weftName(10))),
                        List.of("All on one bridge; a bridge of the kernel has 1023 ports."))));
    }

    private static String weftName(int count) {
        return "Weft, " + count + " endpoints";
    }

    private static Entrant weftAttach(int count) {
        return new Entrant(
                weftName(count),
                Side.WEFT,
                "`CreateEndpoint` at the control plane on the embedded store" + Scenarios.WEFT_METHOD,
                () -> WeftCrowdedAttach.open(count));
    }

    private Battery names() {
        List<Entrant> entrants = List.of(
                new Entrant(
                        RESOLVER,
                        Side.WEFT,
                        "127.0.0.11 in a sandbox on a bridge network, asked for another sandbox",
                        WeftNames::open),
                new Entrant(
                        "Docker's resolver",
                        Side.PEER,
                        "127.0.0.11 in a container on a user-defined bridge network, asked for another container",
                        DockerNames::open),
                new Entrant(
                        "aardvark-dns",
                        Side.PEER,
                        "Podman's, on the address of a bridge, asked from a namespace on it for another member",
                        AardvarkNames::open));
        String method = "UDP, one socket, questions for an IPv4 address that the name server knows itself. ";
        return new Battery(
                "dns",
                List.of(
                        names(
                                "dns-throughput",
                                "Names: answers a second",
                                Unit.PER_SECOND,
                                entrants,
                                List.of(),
                                method + NameRound.WINDOW + " questions always on their way, "
                                        + NameRound.LOAD.toSeconds() + " s a round."),
                        names(
                                "dns-latency",
                                "Names: time of an answer",
                                Unit.MICROSECONDS,
                                entrants,
                                List.of(),
                                method + "One after the other; the figure of a round is the median of "
                                        + NameRound.ROUND_TRIPS + "."),
                        names(
                                "dns-latency-p99",
                                "Names: time of an answer, the slowest percent",
                                Unit.MICROSECONDS,
                                entrants,
                                List.of(),
                                method + "The same questions; the figure of a round is their 99th percentile."),
                        names(
                                "dns-loss",
                                "Names: lost at 10 000 questions a second",
                                Unit.PERCENT,
                                entrants,
                                List.of(new Target.AtMost(RESOLVER, Statistic.P99, 0)),
                                method + "Sent at a steady rate for " + NameRound.LOAD.toSeconds()
                                        + " s a round, whatever comes back; lost is what has no answer a second after the"
                                        + " last one.")));
    }

    private Comparison names(
            String key, String title, Unit unit, List<Entrant> entrants, List<Target> targets, String note) {
        return new Comparison(key, title, unit, scale.of(10), scale.of(30), entrants, targets, List.of(note));
    }
}
