package dev.weft.loadtests.scenario;

import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.measure.Battery;
import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.Entrant;
import dev.weft.loadtests.measure.Entrant.Side;
import dev.weft.loadtests.measure.Target;
import dev.weft.loadtests.measure.Target.Statistic;
import dev.weft.loadtests.measure.Unit;
import dev.weft.loadtests.peer.cni.CniBridge;
import dev.weft.loadtests.peer.cni.CniBridge.Masquerade;
import dev.weft.loadtests.peer.cni.Netavark;
import dev.weft.loadtests.peer.cni.ProcessStart;
import dev.weft.loadtests.peer.docker.DockerConnect;
import dev.weft.loadtests.peer.docker.DockerNetworkCreate;
import dev.weft.loadtests.peer.docker.SwarmReach;
import dev.weft.loadtests.scenario.Throughput.BridgeNetfilter;
import dev.weft.loadtests.weft.OnNode;
import dev.weft.loadtests.weft.WeftConnect;
import dev.weft.loadtests.weft.WeftNetworkCreate;
import dev.weft.loadtests.weft.WeftReach;
import java.util.ArrayList;
import java.util.List;

/** The comparisons that there are, in the order in which they run. */
public final class Scenarios {

    static final String KEPT_CONNECTION =
            "the Engine's HTTP API over its unix socket, on a kept connection: no start of a client is in the figure";

    static final String WEFT_METHOD =
            " over its unix socket, on a kept connection, until the node reports that the kernel has it";
    private static final String WEFT_NODE = "Weft, on the node";
    static final String WEFT_ETCD = "Weft API, etcd";
    static final String WEFT_SQLITE = "Weft API, SQLite";
    private static final String WEFT_OVERLAY = "Weft overlay";
    private static final String RAW_VXLAN = "raw VXLAN";

    private final Scale scale;

    /** @param scale shortens a trial run */
    public Scenarios(Scale scale) {
        this.scale = scale;
    }

    /**
     * How many of the usual rounds to run.
     *
     * @param percent 1 to 1000
     */
    public record Scale(int percent) {
        public Scale {
            if (percent < 1 || percent > 1000) {
                throw new IllegalArgumentException("a scale of " + percent + " % is not in 1 to 1000");
            }
        }

        /** At least 1. */
        public int of(int rounds) {
            return Math.max(1, rounds * percent / 100);
        }
    }

    public List<Battery> all() {
        List<Battery> all = new ArrayList<>();
        for (Comparison comparison : List.of(attach(), networkCreate(), firstEndpoint(), reach(), throughput())) {
            all.add(Battery.of(comparison));
        }
        all.addAll(new PortScenarios(scale).all());
        all.addAll(new NodeScenarios(scale).all());
        all.addAll(new ClusterScenarios(scale).all());
        all.addAll(new RateScenarios(scale).all());
        return all;
    }

    private Comparison attach() {
        return new Comparison(
                "attach",
                "Attach one endpoint to a sandbox that exists",
                Unit.MILLISECONDS,
                // Enough for a JVM to compile what it runs here: a daemon lives for months.
                scale.of(300),
                scale.of(200),
                List.of(
                        new Entrant(
                                WEFT_NODE,
                                Side.WEFT,
                                "the daemon's reconciler on a kernel, from the arrival of the endpoint's row until the kernel"
                                        + " has it all, rules and default route included",
                                OnNode::open),
                        new Entrant(
                                WEFT_ETCD,
                                Side.WEFT,
                                "`CreateEndpoint` at the control plane on etcd" + WEFT_METHOD,
                                () -> WeftConnect.open(StoreKind.ETCD)),
                        new Entrant(
                                WEFT_SQLITE,
                                Side.WEFT,
                                "the same on the embedded store",
                                () -> WeftConnect.open(StoreKind.SQLITE)),
                        new Entrant(
                                "CNI bridge ADD",
                                Side.PEER,
                                "the plugin `bridge` with `host-local`, executed as a runtime does; no masquerade rules",
                                () -> CniBridge.open(Masquerade.NO)),
                        new Entrant(
                                "CNI bridge ADD, ipMasq",
                                Side.PEER,
                                "the same with the container's masquerade rules",
                                () -> CniBridge.open(Masquerade.YES)),
                        new Entrant(
                                "netavark setup",
                                Side.PEER,
                                "Podman's network helper, executed as Podman does; the address is chosen before",
                                Netavark::open),
                        new Entrant(
                                "Docker network connect",
                                Side.PEER,
                                "`POST /networks/NAME/connect` of a running container, " + KEPT_CONNECTION,
                                DockerConnect::open),
                        new Entrant(
                                "start of a process",
                                Side.FLOOR,
                                "`/bin/true`, executed as the plugins are: the part of their figures that is not theirs",
                                ProcessStart::new)),
                List.of(
                        new Target.AtMost(WEFT_NODE, Statistic.MEDIAN, 3),
                        new Target.AtMost(WEFT_ETCD, Statistic.MEDIAN, 10)),
                List.of("The sandbox (namespace, container) exists; taking the endpoint away again is not timed."));
    }

    private Comparison networkCreate() {
        return new Comparison(
                "network-create",
                "Create a bridge network",
                Unit.MILLISECONDS,
                scale.of(150),
                scale.of(50),
                List.of(
                        new Entrant(
                                WEFT_ETCD,
                                Side.WEFT,
                                "`CreateNetwork` at the control plane on etcd, subnet chosen by Weft",
                                () -> WeftNetworkCreate.open(StoreKind.ETCD, WeftNetworkCreate.Until.CREATED)),
                        new Entrant(
                                WEFT_SQLITE,
                                Side.WEFT,
                                "the same on the embedded store",
                                () -> WeftNetworkCreate.open(StoreKind.SQLITE, WeftNetworkCreate.Until.CREATED)),
                        new Entrant(
                                "Docker network create",
                                Side.PEER,
                                "`POST /networks/create`, subnet chosen by Docker, " + KEPT_CONNECTION,
                                () -> DockerNetworkCreate.open(DockerNetworkCreate.Until.CREATED))),
                List.of(
                        new Target.AtMost(WEFT_ETCD, Statistic.MEDIAN, 10),
                        new Target.AtMost(WEFT_SQLITE, Statistic.MEDIAN, 10)),
                List.of(
                        "Docker builds the bridge and its rules before it answers; Weft records the network durably, and its node"
                                + " builds it after that. `network-first-endpoint` has both in one figure."));
    }

    private Comparison firstEndpoint() {
        return new Comparison(
                "network-first-endpoint",
                "Create a bridge network and attach a sandbox to it",
                Unit.MILLISECONDS,
                scale.of(60),
                scale.of(50),
                List.of(
                        new Entrant(
                                WEFT_ETCD,
                                Side.WEFT,
                                "both calls one after the other at the control plane on etcd" + WEFT_METHOD,
                                () -> WeftNetworkCreate.open(StoreKind.ETCD, WeftNetworkCreate.Until.FIRST_ENDPOINT)),
                        new Entrant(
                                WEFT_SQLITE,
                                Side.WEFT,
                                "the same on the embedded store",
                                () -> WeftNetworkCreate.open(StoreKind.SQLITE, WeftNetworkCreate.Until.FIRST_ENDPOINT)),
                        new Entrant(
                                "Docker network create + connect",
                                Side.PEER,
                                "both calls one after the other, " + KEPT_CONNECTION,
                                () -> DockerNetworkCreate.open(DockerNetworkCreate.Until.FIRST_ENDPOINT))),
                List.of(),
                List.of());
    }

    private Comparison reach() {
        return new Comparison(
                "overlay-reach",
                "Attach to an overlay until reachable from another host",
                Unit.MILLISECONDS,
                scale.of(60),
                scale.of(30),
                List.of(
                        new Entrant(
                                WEFT_ETCD,
                                Side.WEFT,
                                "`CreateEndpoint` with an address, at the control plane on etcd, on a kept connection",
                                () -> WeftReach.open(StoreKind.ETCD)),
                        new Entrant(
                                WEFT_SQLITE,
                                Side.WEFT,
                                "the same on the embedded store",
                                () -> WeftReach.open(StoreKind.SQLITE)),
                        new Entrant(
                                "Docker swarm",
                                Side.PEER,
                                "`network connect --ip` on one of two hosts, " + KEPT_CONNECTION,
                                SwarmReach::open)),
                List.of(
                        new Target.AtMost(WEFT_ETCD, Statistic.P99, 50),
                        new Target.AtMost(WEFT_SQLITE, Statistic.P99, 50)),
                List.of(
                        "Timed from the start of the call until the first answer to a datagram from the other host. Probes are"
                                + " sent every millisecond from before the call on; the prober's namespace asks for an unresolved"
                                + " neighbor every 10 ms (the kernel's least) in place of every second.",
                        "The network is in use on both hosts before; every round takes an address that none had before."));
    }

    private Comparison throughput() {
        return new Comparison(
                "throughput",
                "TCP throughput across the overlay",
                Unit.GIGABITS_PER_SECOND,
                scale.of(1),
                scale.of(12),
                List.of(
                        new Entrant(
                                WEFT_OVERLAY,
                                Side.WEFT,
                                "two sandboxes on two nodes; MTU computed (1450); all of Weft's rules in place",
                                () -> Throughput.weftOverlay(BridgeNetfilter.ON)),
                        new Entrant(
                                WEFT_OVERLAY + ", no bridge-nf-call",
                                Side.WEFT,
                                "the same on hosts with `net.bridge.bridge-nf-call-iptables` and its like at 0: Weft needs them"
                                        + " nowhere, but they are the host's, and others on it may",
                                () -> Throughput.weftOverlay(BridgeNetfilter.OFF)),
                        new Entrant("underlay", Side.FLOOR, "host to host, no tunnel", Throughput::underlay),
                        new Entrant(
                                RAW_VXLAN,
                                Side.PEER,
                                "veth, bridge and VXLAN device made by hand; MTU 1450; no rules",
                                Throughput::rawVxlan),
                        new Entrant(
                                "Docker overlay",
                                Side.PEER,
                                "a swarm of two hosts; MTU 1450; not encrypted",
                                Throughput::dockerOverlay)),
                List.of(new Target.AtLeastTimes(WEFT_OVERLAY, 0.97, RAW_VXLAN)),
                List.of(
                        "iperf3, one TCP stream, 3 s after 1 s that is not counted, one contender at a time; client, server and"
                                + " both hosts share this machine's processors."));
    }
}
