package dev.weft.controlplane.metrics;

import dev.weft.controlplane.events.publish.PublisherStatus;
import dev.weft.controlplane.service.ClusterFigures;
import dev.weft.controlplane.status.ProgrammingObserver;
import dev.weft.controlplane.store.CommitObserver;
import dev.weft.ops.Readiness;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The control plane's metrics. Names, units and labels are an interface for dashboards and alerts: docs/metrics.md has
 * them all. No label has an object's id or address, and only a bounded number of networks' names.
 */
public final class ControlPlaneMetrics implements CommitObserver, ProgrammingObserver, AutoCloseable {

    /** Within which times operations end, as histograms tell it. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60)
    };

    /** What is asked for at each scrape. All must answer at once and from memory. */
    public record Sources(
            Supplier<Readiness> readiness,
            Supplier<ClusterFigures> figures,
            Supplier<Duration> streamLag,
            Supplier<Long> nodesBehind,
            Supplier<Boolean> leading,
            Supplier<Optional<PublisherStatus>> publisher,
            Supplier<Long> unreadableValues) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ProcessMeters process;
    private final Timer programming;
    private final MultiGauge addresses;
    private final Clock clock;
    private volatile Optional<Scrape> last = Optional.empty();

    /** What one scrape shows, asked for once. */
    private record Scrape(Sources sources, ClusterFigures figures) {}

    private volatile Optional<Sources> sources = Optional.empty();

    public ControlPlaneMetrics(String version, Clock clock) {
        this.clock = clock;
        process = new ProcessMeters(registry, version);
        programming = timer("weft.network.programming.duration")
                .description("From a change's commit to the report of a node that it is in the kernel")
                .register(registry);
        addresses = MultiGauge.builder("weft.ipam.addresses")
                .description("Addresses of a network by what they are: in_use, resting, free")
                .register(registry);
        // There before anything happened, so that a rate over them begins with the first.
        for (Outcome outcome : Outcome.values()) {
            var unused = commits(outcome);
        }
    }

    private static Timer.Builder timer(String name) {
        return Timer.builder(name).serviceLevelObjectives(BUCKETS);
    }

    /** Says where figures come from; until then there are only those of the process. To be called once. */
    public void show(Sources from) {
        sources = Optional.of(from);
        gauge(
                "weft.ready",
                "1 if this replica is ready",
                scrape -> scrape.sources().readiness().get().isReady() ? 1 : 0);
        gauge(
                "weft.replica.revision",
                "Store revision that the replica is at",
                scrape -> scrape.figures().revision());
        gauge("weft.networks", "Networks stored", scrape -> scrape.figures().networks());
        gauge("weft.sandboxes", "Sandboxes stored", scrape -> scrape.figures().sandboxes());
        for (String mode : List.of("network", "host", "none")) {
            gauge(
                    "weft.endpoints",
                    "Endpoints stored, by what they use now",
                    Tags.of("mode", mode),
                    scrape -> scrape.figures().endpoints().getOrDefault(mode, 0L));
        }
        for (ClusterFigures.NodeState state : ClusterFigures.NodeState.values()) {
            gauge(
                    "weft.nodes",
                    "Nodes registered, by state",
                    Tags.of("state", word(state)),
                    scrape -> scrape.figures().nodes().getOrDefault(state, 0L));
        }
        gauge(
                "weft.node.problems",
                "What connected nodes report as failed or warn of",
                scrape -> scrape.figures().problems());
        gauge(
                "weft.ipam.leaks",
                "Leases that nobody seems to need",
                scrape -> scrape.figures().leaks());
        gauge(
                "weft.stream.lag.seconds",
                "Age of the oldest change that a connected node has not applied",
                scrape -> seconds(scrape.sources().streamLag().get()));
        gauge(
                "weft.stream.nodes.behind",
                "Connected nodes with changes not applied yet",
                scrape -> scrape.sources().nodesBehind().get());
        gauge(
                "weft.leader",
                "1 if this replica leads",
                scrape -> scrape.sources().leading().get() ? 1 : 0);
        gauge(
                "weft.replica.unreadable.values",
                "Stored values that this replica cannot read",
                scrape -> scrape.sources().unreadableValues().get());
        gauge(
                "weft.publisher.lag.revisions",
                "Store revisions that this replica, while it leads, has not published yet",
                scrape -> lag(scrape.figures(), scrape.sources().publisher().get()));
        gauge(
                "weft.publisher.waiting.seconds",
                "For how long this replica, which leads, could not publish",
                scrape -> waiting(scrape.sources().publisher().get()));
    }

    private static double lag(ClusterFigures figures, Optional<PublisherStatus> publisher) {
        if (publisher.isEmpty()) {
            return 0;
        }
        return switch (publisher.get()) {
            case PublisherStatus.NotLeading _ -> 0;
            case PublisherStatus.Publishing(long revision) -> Math.max(0, figures.revision() - revision);
            case PublisherStatus.Waiting(long revision, var _, var _) -> Math.max(0, figures.revision() - revision);
        };
    }

    private double waiting(Optional<PublisherStatus> publisher) {
        return publisher.orElseGet(PublisherStatus.NotLeading::new)
                        instanceof PublisherStatus.Waiting(var _, var _, var since)
                ? seconds(Duration.between(since, clock.instant()))
                : 0;
    }

    private interface Value {
        double of(Scrape scrape);
    }

    private void gauge(String name, String description, Value value) {
        gauge(name, description, Tags.empty(), value);
    }

    private void gauge(String name, String description, Tags tags, Value value) {
        var unused = Gauge.builder(name, this, self -> self.last.map(value::of).orElse(Double.NaN))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static double seconds(Duration duration) {
        return Math.max(0, duration.toNanos() / 1e9);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private Timer commits(Outcome outcome) {
        return timer("weft.store.commit.duration")
                .description("Transactions of the store, by outcome")
                .tag("outcome", word(outcome))
                .register(registry);
    }

    @Override
    public void ended(Outcome outcome, long revision, long beginNanoTime, Duration took) {
        commits(outcome).record(took);
    }

    @Override
    public void programmed(Duration took) {
        programming.record(took);
    }

    @Override
    public void repaired(String kind, long count) {
        Counter.builder("weft.drift.repaired")
                .description("Kernel objects that nodes repaired, by kind, as reported to this replica")
                .tag("kind", kind)
                .register(registry)
                .increment((double) count);
    }

    /**
     * A call ended.
     *
     * @param method full name of a method that is served
     * @param code gRPC's status code
     */
    public void called(String method, String code, Duration took) {
        timer("weft.rpc.duration")
                .description("Calls served, by method and status code; streams when they end")
                .tag("method", method)
                .tag("code", code)
                .register(registry)
                .record(took);
    }

    /** All metrics as they are now, in Prometheus's text format 0.0.4. */
    public synchronized String scrape() {
        sources.ifPresent(from -> {
            Scrape scrape = new Scrape(from, from.figures().get());
            last = Optional.of(scrape);
            addresses.register(rows(scrape.figures().addresses()), true);
        });
        return registry.scrape();
    }

    private static List<MultiGauge.Row<?>> rows(List<ClusterFigures.Addresses> all) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (ClusterFigures.Addresses one : all) {
            Tags network = Tags.of("network", one.network(), "node", one.node(), "family", one.family());
            rows.add(MultiGauge.Row.of(network.and("state", "in_use"), one.inUse()));
            rows.add(MultiGauge.Row.of(network.and("state", "resting"), one.resting()));
            rows.add(MultiGauge.Row.of(network.and("state", "free"), one.free()));
        }
        return rows;
    }

    @Override
    public void close() {
        process.close();
        registry.close();
    }
}
