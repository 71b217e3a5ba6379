package dev.weft.loadtests.scenario;

import dev.weft.loadtests.measure.Battery;
import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.Entrant;
import dev.weft.loadtests.measure.Entrant.Side;
import dev.weft.loadtests.measure.Unit;
import dev.weft.loadtests.scale.CreateRates;
import dev.weft.loadtests.scale.EtcdRates;
import dev.weft.loadtests.scenario.Scenarios.Scale;
import java.util.List;

/** How much clients can get done together. */
final class RateScenarios {

    private static final List<Entrant> ENTRANTS = List.of(
            new Entrant(
                    Scenarios.WEFT_ETCD,
                    Side.WEFT,
                    "`CreateSandbox` with one endpoint on an overlay of ten simulated nodes, each client one call after the"
                            + " other on a kept connection; an address is chosen for each",
                    CreateRates::open),
            new Entrant(
                    "etcd, puts",
                    Side.FLOOR,
                    "an etcd of the same kind, of whose clients each puts one new key after the other",
                    () -> EtcdRates.open(1)),
            new Entrant(
                    "etcd, transactions",
                    Side.FLOOR,
                    "the same with transactions of " + CreateRates.KEYS
                            + " new keys, each compared before, as a sandbox with an endpoint is stored",
                    () -> EtcdRates.open(CreateRates.KEYS)));

    private final Scale scale;

    RateScenarios(Scale scale) {
        this.scale = scale;
    }

    List<Battery> all() {
        return List.of(new Battery(
                "create-rate",
                CreateRates.CLIENTS.stream().map(this::createRate).toList()));
    }

    private Comparison createRate(int clients) {
        return new Comparison(
                "create-rate-" + clients,
                "Sandboxes with an endpoint created a second, clients at a time: " + clients,
                Unit.PER_SECOND,
                scale.of(2),
                scale.of(8),
                ENTRANTS,
                List.of(),
                List.of("Each round lasts " + CreateRates.SECONDS
                        + " s. One member of etcd, which writes to this machine's disk; all share its processors."));
    }
}
