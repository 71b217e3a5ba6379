package dev.weft.chaos;

import dev.weft.chaos.check.Checker;
import dev.weft.chaos.check.EtcdReader;
import dev.weft.chaos.check.SqliteReader;
import dev.weft.chaos.check.StoreReader;
import dev.weft.chaos.check.Surroundings;
import dev.weft.chaos.check.Verdict;
import dev.weft.chaos.churn.Churn;
import dev.weft.chaos.churn.Client;
import dev.weft.chaos.churn.Door;
import dev.weft.chaos.churn.Tally;
import dev.weft.chaos.cluster.ChaosLab;
import dev.weft.chaos.fault.FaultLog;
import dev.weft.chaos.fault.Schedule;
import dev.weft.chaos.fault.StaleNodes;
import dev.weft.chaos.ledger.Ledger;
import dev.weft.chaos.plan.Fault;
import dev.weft.chaos.plan.Plan;
import dev.weft.chaos.plan.Round;
import dev.weft.chaos.plan.Step;
import dev.weft.chaos.report.Progress;
import dev.weft.chaos.report.SeedReport;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import dev.weft.lab.Namespaces;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** One seed, from the first process to the last look. Ends with the first round after which something is wrong. */
final class SeedRun {

    private static final int CLIENTS = 3;

    private static final Duration SETTLING = Duration.ofSeconds(60);

    private final long seed;
    private final Options options;
    private final Progress progress;
    private final Path logs;
    private final Ledger ledger = new Ledger();
    private final Tally tally = new Tally();
    private final FaultLog faults = new FaultLog();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> looks = new LinkedHashMap<>();
    private final List<Duration> settled = new ArrayList<>();
    private int rounds;

    /** @param logs where the processes' logs go if something is wrong */
    SeedRun(long seed, Options options, Progress progress, Path logs) {
        this.seed = seed;
        this.options = options;
        this.progress = progress;
        this.logs = logs;
    }

    SeedReport run() throws InterruptedException {
        long start = System.nanoTime();
        progress.say("seed " + seed + ": building a lab of " + options.shape().hosts() + " hosts, control planes: "
                + options.shape().controlPlanes() + ", etcd members: "
                + options.shape().etcdMembers());
        progress.mention("the lab's processes start");
        String name = "c" + Long.toString(ProcessHandle.current().pid() % 46_656, 36);
        EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try (ChaosLab cluster = ChaosLab.up(name, options.shape())) {
            List<Door> doors = doors(cluster.lab(), eventLoop);
            try {
                rounds(cluster, doors, start);
            } finally {
                doors.forEach(Door::close);
                if (!violations.isEmpty()) {
                    keep(cluster);
                }
            }
        } finally {
            eventLoop
                    .shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS)
                    .syncUninterruptibly();
        }
        return new SeedReport(
                seed,
                options.store(),
                options.shape(),
                Duration.ofNanos(System.nanoTime() - start),
                rounds,
                tally.counts(),
                faults.done(),
                faults.impossible(),
                looks,
                settled,
                violations);
    }

    private void rounds(ChaosLab cluster, List<Door> doors, long start) throws InterruptedException {
        Client client = new Client(doors, tally, violations::add, requests::add);
        Checker checker = new Checker(surroundings(cluster));
        try (Churn churn = new Churn(cluster.foreignNamespaces(), CLIENTS, ledger, client, violations::add)) {
            churn.begin();
            look(checker, "before the first fault");
            long deadline = start + options.duration().toNanos();
            for (int number = 1; violations.isEmpty() && (number == 1 || System.nanoTime() < deadline); number++) {
                Round round = Plan.of(seed, options.shape(), number).rounds().getLast();
                round(cluster, churn, round);
                rounds = number;
                look(checker, "after round " + number);
            }
        }
    }

    private void round(ChaosLab cluster, Churn churn, Round round) throws InterruptedException {
        progress.say("round " + round.number() + ": " + round.window().toMillis() / 1000.0 + " s of load, faults: "
                + round.steps().size());
        progress.doing(() -> "load: " + tally.of("done") + " requests done, " + tally.of("answers lost")
                + " answers lost, faults: " + faults.total());
        if (round.alone()) {
            churn.run(round);
            for (Step step : round.steps()) {
                if (step.fault() instanceof Fault.StaleNode stale) {
                    progress.say("  " + stale);
                    new StaleNodes(cluster, churn, ledger, faults).run(step, stale);
                }
            }
        } else {
            Schedule schedule = new Schedule(cluster, faults, text -> progress.say("  " + text));
            Failing injecting = Failing.start("faults", () -> schedule.run(round));
            churn.run(round);
            injecting.join();
        }
        progress.mention("healing: waiting until every process is ready");
        cluster.heal();
        progress.mention("asking for the answers that were lost");
        churn.settle(SETTLING);
    }

    private void look(Checker checker, String when) {
        progress.mention("looking at everything");
        Verdict verdict = checker.check(ledger.expectation(), options.patience(), progress::mention);
        verdict.looks().forEach((kind, count) -> looks.merge(kind, count, Integer::sum));
        settled.add(verdict.settled());
        verdict.violations().forEach(violation -> violations.add(when + ": " + violation));
        progress.say(when + ": "
                + verdict.looks().values().stream().mapToInt(Integer::intValue).sum() + " things looked at in "
                + verdict.settled().toMillis() / 1000.0 + " s, violations: " + violations.size());
        violations.forEach(violation -> progress.say("  VIOLATION " + violation));
    }

    private void keep(ChaosLab cluster) throws InterruptedException {
        cluster.keepLogs(logs);
        try {
            Files.write(logs.resolve("requests.log"), requests);
        } catch (IOException e) {
            throw new UncheckedIOException("write " + logs.resolve("requests.log"), e);
        }
        progress.say("the logs of processes and requests are in " + logs);
        if (options.keep()) {
            progress.say("lab " + cluster.lab().spec().name()
                    + " stays as it is until Ctrl-C: weft lab status, weft lab exec");
            new CountDownLatch(1).await();
        }
    }

    private static List<Door> doors(Lab lab, EventLoopGroup eventLoop) {
        List<Door> doors = new ArrayList<>();
        for (LabHost control : lab.controlPlaneHosts()) {
            doors.add(Door.at(control.name(), control.controlPlaneSocket(), eventLoop));
        }
        for (LabHost host : lab.hosts()) {
            doors.add(Door.at(host.name(), host.nodeSocket(), eventLoop));
        }
        return doors;
    }

    private Surroundings surroundings(ChaosLab cluster) {
        Lab lab = cluster.lab();
        Map<String, List<Path>> foreign = cluster.foreignNamespaces();
        Path control = Namespaces.path(lab.controlPlaneHost().namespace());
        StoreReader store = options.store().equals("etcd")
                ? new EtcdReader(control, cluster.etcdEndpoints())
                : new SqliteReader(lab.controlPlaneHost().stateDirectory().resolve("weft.db"));
        return new Surroundings(
                lab.hosts().stream()
                        .map(host -> new Surroundings.Node(
                                host.name(),
                                Namespaces.path(host.namespace()),
                                host.address(),
                                host.runDirectory(),
                                foreign.getOrDefault(host.name(), List.of())))
                        .toList(),
                lab.controlPlaneHost().home().resolve("bin/weft"),
                Namespaces.path(lab.outside().namespace()),
                Lab.INTERNET,
                store,
                options.shape().broker()
                        ? Optional.of(new Surroundings.Broker(control, lab.kafkaBootstrapServers()))
                        : Optional.empty());
    }
}
