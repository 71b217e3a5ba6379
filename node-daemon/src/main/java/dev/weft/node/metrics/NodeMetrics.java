package dev.weft.node.metrics;

import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.reconcile.PassObserver;
import dev.weft.node.reconcile.PassReport;
import dev.weft.node.reconcile.RowState;
import dev.weft.ops.Readiness;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The node daemon's metrics. Names, units and labels are an interface for dashboards and alerts: docs/metrics.md has them
 * all. No label has an object's id, name or address.
 */
public final class NodeMetrics implements PassObserver, AutoCloseable {

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
        Duration.ofSeconds(30)
    };

    /** Response codes that are told by name (RFC 6895, 2.3); any other is "other". */
    private static final Map<Integer, String> RESPONSE_CODES =
            Map.of(0, "NOERROR", 1, "FORMERR", 2, "SERVFAIL", 3, "NXDOMAIN", 4, "NOTIMP", 5, "REFUSED");

    /** What is asked for at each scrape. All must answer at once. */
    public record Sources(
            Supplier<Readiness> readiness,
            BooleanSupplier inSync,
            LongSupplier desiredRevision,
            LongSupplier appliedRevision,
            Supplier<Map<RowState.Stage, Long>> rows,
            Supplier<OptionalLong> trackedConnections) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Timer passes;
    private final Counter operations;
    private final Counter failedPasses;
    private final Counter streams;
    private volatile Map<ObjectKind, Long> drift = Map.of();

    public NodeMetrics(String version) {
        process(version);
        passes = Timer.builder("weft.node.reconcile.pass.duration")
                .description("Passes of the reconciler, those that change nothing included")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        operations = Counter.builder("weft.node.reconcile.operations")
                .description("Operations on the kernel")
                .register(registry);
        failedPasses = Counter.builder("weft.node.reconcile.failed.passes")
                .description("Passes that ended before their end")
                .register(registry);
        streams = Counter.builder("weft.node.streams")
                .description("Streams that the control plane has accepted")
                .register(registry);
        for (ObjectKind kind : ObjectKind.values()) {
            FunctionCounter.builder("weft.node.drift.repaired", this, self -> self.drift.getOrDefault(kind, 0L))
                    .description("Kernel objects that somebody had changed, repaired, by kind")
                    .tag("kind", kind.label())
                    .register(registry);
        }
    }

    private void process(String version) {
        gauge("weft.version", "1, with the version as a label", Tags.of("version", version), () -> 1);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** Says where figures come from. To be called once. */
    public void show(Sources sources) {
        gauge(
                "weft.node.ready",
                "1 if this node is as it should be",
                Tags.empty(),
                () -> sources.readiness().get().isReady() ? 1 : 0);
        gauge(
                "weft.node.in.sync",
                "1 while the control plane has told everything on the stream that is open",
                Tags.empty(),
                () -> sources.inSync().getAsBoolean() ? 1 : 0);
        gauge(
                "weft.node.desired.revision",
                "Store revision of the desired state that the node has",
                Tags.empty(),
                sources.desiredRevision()::getAsLong);
        gauge(
                "weft.node.applied.revision",
                "Store revision of the last pass that changed anything",
                Tags.empty(),
                sources.appliedRevision()::getAsLong);
        for (RowState.Stage stage : RowState.Stage.values()) {
            if (stage != RowState.Stage.REMOVED) {
                gauge(
                        "weft.node.rows",
                        "Rows of the desired state, by how they stand",
                        Tags.of("state", stage.name().toLowerCase(Locale.ROOT)),
                        () -> sources.rows().get().getOrDefault(stage, 0L));
            }
        }
        gauge(
                "weft.node.tracked.connections",
                "Connections that the host's kernel tracks",
                Tags.empty(),
                () -> sources.trackedConnections().get().orElse(0));
    }

    private void gauge(String name, String description, Tags tags, DoubleSupplier value) {
        var unused = Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void passed(Duration took, int count) {
        passes.record(took);
        operations.increment(count);
    }

    @Override
    public void failed() {
        failedPasses.increment();
    }

    /** Takes note of what a pass came to. */
    public void reported(PassReport report) {
        drift = report.driftRepaired();
    }

    /** The control plane accepted a stream. */
    public void connected() {
        streams.increment();
    }

    /**
     * A sandbox got an answer to a query for a name.
     *
     * @param source where it came from, one of a few words
     * @param code the response's, 0 to 15
     */
    public void answered(String source, int code) {
        Counter.builder("weft.node.dns.queries")
                .description("Queries for names that sandboxes got an answer to, by source and response code")
                .tag("source", source)
                .tag("code", RESPONSE_CODES.getOrDefault(code, "other"))
                .register(registry)
                .increment();
    }

    /** All metrics as they are now, in Prometheus's text format 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
