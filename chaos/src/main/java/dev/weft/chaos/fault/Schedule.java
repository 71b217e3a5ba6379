package dev.weft.chaos.fault;

import dev.weft.chaos.cluster.ChaosLab;
import dev.weft.chaos.plan.Round;
import dev.weft.chaos.plan.Step;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Does a round's faults at their times, and undoes each when its time is over. */
public final class Schedule {

    private final Injector injector;
    private final FaultLog log;
    private final Consumer<String> progress;

    /** @param progress told each fault as it begins */
    public Schedule(ChaosLab cluster, FaultLog log, Consumer<String> progress) {
        this.injector = new Injector(cluster);
        this.log = log;
        this.progress = progress;
    }

    private record Due(Duration time, Runnable what) {}

    /** Returns when the last fault is undone. */
    public void run(Round round) throws InterruptedException {
        long start = System.nanoTime();
        PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparing(Due::time));
        for (Step step : round.steps()) {
            queue.add(new Due(
                    step.at(),
                    () -> begin(step)
                            .ifPresent(end -> queue.add(new Due(step.at().plus(step.hold()), end)))));
        }
        while (!queue.isEmpty()) {
            Due due = queue.remove();
            Duration early = due.time().minusNanos(System.nanoTime() - start);
            if (early.isPositive()) {
                Thread.sleep(early);
            }
            due.what().run();
        }
    }

    private Optional<Runnable> begin(Step step) {
        Optional<Runnable> end = injector.begin(step.fault());
        log.count(step.fault(), end.isPresent());
        progress.accept(step.fault() + (end.isPresent() ? "" : " (nothing there to do it to)"));
        return end;
    }
}
