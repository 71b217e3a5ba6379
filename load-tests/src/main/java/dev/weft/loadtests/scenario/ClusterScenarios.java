package dev.weft.loadtests.scenario;

import dev.weft.lab.LabSpec.StoreKind;
import dev.weft.loadtests.measure.Battery;
import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.Entrant;
import dev.weft.loadtests.measure.Entrant.Side;
import dev.weft.loadtests.measure.Target;
import dev.weft.loadtests.measure.Target.Statistic;
import dev.weft.loadtests.measure.Unit;
import dev.weft.loadtests.peer.docker.SwarmNameReach;
import dev.weft.loadtests.scenario.Scenarios.Scale;
import dev.weft.loadtests.weft.WeftNameReach;
import dev.weft.loadtests.weft.WeftRepair;
import dev.weft.loadtests.weft.WeftRepair.Damage;
import java.util.List;
import java.util.stream.Stream;

/** How soon two hosts agree, and how soon one is as it should be again. */
final class ClusterScenarios {

    private final Scale scale;

    ClusterScenarios(Scale scale) {
        this.scale = scale;
    }

    List<Battery> all() {
        return List.of(Battery.of(nameReach()), Battery.of(repair()));
    }

    private Comparison nameReach() {
        return new Comparison(
                "name-reach",
                "Connect under a name until a sandbox on another host is told its address",
                Unit.MILLISECONDS,
                scale.of(60),
                scale.of(30),
                List.of(
                        new Entrant(
                                Scenarios.WEFT_ETCD,
                                Side.WEFT,
                                "`CreateEndpoint` with an alias, at the control plane on etcd, on a kept connection",
                                () -> WeftNameReach.open(StoreKind.ETCD)),
                        new Entrant(
                                Scenarios.WEFT_SQLITE,
                                Side.WEFT,
                                "the same on the embedded store",
                                () -> WeftNameReach.open(StoreKind.SQLITE)),
                        new Entrant(
                                "Docker swarm",
                                Side.PEER,
                                "`network connect --alias` on one of two hosts, " + Scenarios.KEPT_CONNECTION,
                                SwarmNameReach::open)),
                List.of(
                        new Target.AtMost(Scenarios.WEFT_ETCD, Statistic.P99, 100),
                        new Target.AtMost(Scenarios.WEFT_SQLITE, Statistic.P99, 100)),
                List.of(
                        "Timed from the start of the call; the resolver on the other host is asked every millisecond from before it"
                                + " on. Every round takes a name that none had before."));
    }

    private Comparison repair() {
        return new Comparison(
                "repair",
                "Repair of what somebody damaged",
                Unit.MILLISECONDS,
                scale.of(20),
                scale.of(30),
                Stream.of(Damage.values())
                        .map(damage ->
                                new Entrant(named(damage), Side.WEFT, said(damage), () -> WeftRepair.open(damage)))
                        .toList(),
                Stream.of(Damage.values())
                        .<Target>map(damage -> new Target.AtMost(named(damage), Statistic.P99, 1000))
                        .toList(),
                List.of(
                        "From the end of the command that does the damage until a command sees it undone; such a look takes some"
                                + " milliseconds itself.",
                        "No peer: Docker, CNI's plugins and netavark do not look at what they have built."));
    }

    private static String named(Damage damage) {
        return switch (damage) {
            case FDB_ENTRY -> "FDB entry";
            case TUNNEL_DOWN -> "tunnel down";
            case GATEWAY_ADDRESS -> "gateway address";
            case RULESET -> "ruleset";
            case ROUTE_IN_SANDBOX -> "route in a sandbox";
        };
    }

    private static String said(Damage damage) {
        return switch (damage) {
            case FDB_ENTRY -> "the tunnel's entry for a sandbox on the other host is deleted";
            case TUNNEL_DOWN -> "the VXLAN device is set down";
            case GATEWAY_ADDRESS -> "the bridge's addresses are flushed";
            case RULESET -> "`nft flush ruleset`";
            case ROUTE_IN_SANDBOX -> "the default route inside a sandbox is deleted";
        };
    }
}
