package dev.weft.node.reconcile;

import dev.weft.node.kernel.Kernel;
import dev.weft.node.kernel.KernelChange;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.model.NodeProfile;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.reconcile.DesiredUpdate.Source;
import dev.weft.node.reconcile.Planner.Removals;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Makes the kernel what the rows say, and keeps it so. One thread of its own does all the work; what others call only takes
 * note. A pass takes what is new (rows, changes in the kernel, retries that are due), reads back what it must, plans for
 * what that concerns, and runs the plan.
 *
 * <p>Invariants: nothing is removed on the strength of a checkpoint; a namespace that could not be read is not planned for;
 * what failed is tried again with back-off while the rest proceeds.
 */
public final class Reconciler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /** What the log's lines of a pass name its revision by. */
    private static final String REVISION = "revision";

    private final Kernel kernel;
    private final RowCompiler compiler;
    private final InstantSource clock;
    private final Consumer<PassReport> reports;
    private final PassObserver observer;
    private final Duration scanInterval;
    private final Inbox inbox;
    private final Thread thread;

    // All below is the thread's own.
    private final RowIndex rows = new RowIndex();
    private final KernelDesired desired = new KernelDesired();
    private final KernelObserved observed = new KernelObserved();
    private final Failures failures = new Failures(ThreadLocalRandom.current());
    private final RowStates states = new RowStates(desired, observed, failures);
    private final Map<ObjectKind, Long> drift = new EnumMap<>(ObjectKind.class);
    private final ReadBack readBack;
    private final Set<ObjectRef> dirty = new HashSet<>();
    private Source source = Source.CHECKPOINT;
    private boolean planAll;
    private boolean firstPassDone;
    private Instant nextScan;
    private long revision;

    /** With nobody who counts passes. */
    public Reconciler(
            Kernel kernel, NodeProfile node, InstantSource clock, Duration scanInterval, Consumer<PassReport> reports) {
        this(kernel, node, clock, scanInterval, reports, PassObserver.NONE);
    }

    /**
     * @param reports called by the reconciler's thread after each pass; must return at once
     * @param scanInterval how often everything is read back without a reason
     */
    public Reconciler(
            Kernel kernel,
            NodeProfile node,
            InstantSource clock,
            Duration scanInterval,
            Consumer<PassReport> reports,
            PassObserver observer) {
        this.observer = observer;
        this.kernel = kernel;
        this.compiler = new RowCompiler(node);
        this.clock = clock;
        this.scanInterval = scanInterval;
        this.reports = reports;
        this.inbox = new Inbox(clock);
        this.nextScan = clock.instant();
        this.readBack = new ReadBack(kernel, desired, observed);
        // A platform thread: it enters native code, and namespaces must not reach a carrier of others.
        this.thread = Thread.ofPlatform().name("reconciler").unstarted(this::loop);
    }

    /** Starts to listen to the kernel, and to work. */
    public void start() {
        kernel.listen(inbox::changed);
        readBack.later(NamespaceRef.HOST, EnumSet.allOf(ObjectKind.class));
        thread.start();
    }

    /** Takes note of a new desired state. */
    public void accept(DesiredUpdate update) {
        inbox.desired(update);
    }

    /** Ends the work after the pass under way; the kernel's state stays as it is. */
    @Override
    public void close() {
        inbox.close();
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        while (true) {
            Optional<Inbox.Content> content = inbox.await(nextWork());
            if (content.isEmpty()) {
                return;
            }
            try {
                long begin = System.nanoTime();
                int operations = pass(content.get());
                observer.passed(Duration.ofNanos(System.nanoTime() - begin), operations);
            } catch (RuntimeException e) {
                observer.failed();
                // A mistake of ours. What was in hand is lost, so start from everything.
                LOG.error("a pass failed; everything is read back and planned anew", e);
                planAll = true;
                scan();
                inbox.pause(Duration.ofSeconds(1));
            }
        }
    }

    private Instant nextWork() {
        if (readBack.isDue() || !dirty.isEmpty() || planAll) {
            return clock.instant();
        }
        return failures.next().filter(retry -> retry.isBefore(nextScan)).orElse(nextScan);
    }

    /** Returns how many operations it ran. */
    private int pass(Inbox.Content content) {
        Set<RowKey> touched = new HashSet<>();
        content.desired().forEach(update -> touched.addAll(take(update)));
        MDC.put(REVISION, Long.toString(revision));
        for (Inbox.Change change : content.changes()) {
            hear(change.namespace(), change.change());
        }
        content.toRead().forEach(this::lookAgain);
        retryDue();
        if (!clock.instant().isBefore(nextScan)) {
            scan();
        }
        Set<ObjectRef> foundChanged = readBack.isDue() ? readSome() : new HashSet<>();
        retryBehind(foundChanged);
        Set<ObjectRef> scope = new HashSet<>(dirty);
        scope.addAll(foundChanged);
        dirty.clear();
        boolean everything = planAll;
        planAll = false;
        if (observed.in(NamespaceRef.HOST).isEmpty()) {
            // Nothing may be concluded yet; the failed read-back is on the list again.
            dirty.addAll(scope);
            planAll = everything;
            inbox.pause(Duration.ofMillis(500));
            return 0;
        }
        int operations = everything || !scope.isEmpty() ? work(everything, scope, foundChanged) : 0;
        if (operations > 0 || !content.desired().isEmpty() || everything || !scope.isEmpty()) {
            states.unsettled(scope).forEach(ref -> failures.unfinished(ref, "", clock.instant()));
            Map<RowKey, RowState> changed = states.update(touched, scope, everything, removals());
            if (!changed.isEmpty() || operations > 0 || !content.desired().isEmpty()) {
                reports.accept(new PassReport(revision, changed, drift, operations));
            }
        }
        return operations;
    }

    /**
     * Plans and runs; again when that opened namespaces, and once more when something failed, with the kernel read back: a
     * failure may only mean that things were not as we thought. Adds to the scope what the plans touched.
     */
    private int work(boolean everything, Set<ObjectRef> scope, Set<ObjectRef> foundChanged) {
        int operations = 0;
        PlanRunner runner = new PlanRunner(kernel, observed);
        Set<ObjectRef> drifted = firstPassDone ? foundChanged : Set.of();
        boolean secondChance = true;
        boolean again = true;
        while (again) {
            Plan plan = everything
                    ? Planner.plan(desired, observed, removals())
                    : Planner.plan(desired, observed, removals(), scope);
            PlanRunner.Outcome outcome = runner.run(plan);
            operations += outcome.operations();
            scope.addAll(outcome.done());
            scope.addAll(outcome.failed().keySet());
            for (NamespaceRef opened : outcome.opened()) {
                scope.addAll(readBack.now(opened, EnumSet.allOf(ObjectKind.class)));
            }
            boolean failed = outcome.failed().size() > plan.conflicts().size();
            again = !outcome.opened().isEmpty() || (secondChance && failed);
            note(outcome, drifted, again);
            Set<ObjectRef> concerned = RowStates.subjects(plan);
            concerned.addAll(outcome.failed().keySet());
            // What failed and needs nothing now has come right by another hand.
            failures.settle(ref -> (everything || scope.contains(ref))
                    && observed.in(ref.namespace()).isPresent()
                    && !concerned.contains(ref));
            if (again && failed) {
                secondChance = false;
                LOG.info(
                        "{} objects could not be made as planned; looking again",
                        outcome.failed().size());
                outcome.failed().keySet().stream()
                        .map(ObjectRef::namespace)
                        .distinct()
                        .forEach(namespace -> scope.addAll(readBack.now(namespace, EnumSet.allOf(ObjectKind.class))));
            }
        }
        firstPassDone |= everything && source == Source.CONTROL_PLANE;
        if (firstPassDone && removals() == Removals.ALLOWED) {
            kernel.settled();
        }
        return operations;
    }

    /** @param provisional failures are not told yet, as they are about to be tried again */
    private void note(PlanRunner.Outcome outcome, Set<ObjectRef> drifted, boolean provisional) {
        Instant now = clock.instant();
        for (ObjectRef ref : outcome.done()) {
            if (!outcome.failed().containsKey(ref)) {
                failures.succeeded(ref);
                if (drifted.contains(ref)) {
                    LOG.info("repaired {}", ref);
                    drift.merge(ref.key().kind(), 1L, Long::sum);
                }
            }
        }
        outcome.unfinished().forEach((ref, what) -> failures.unfinished(ref, what, now));
        if (provisional) {
            return;
        }
        outcome.failed().forEach((ref, message) -> {
            if (failures.of(ref)
                    .filter(known -> known.message().equals(message))
                    .isEmpty()) {
                LOG.warn("{}: {}", ref, message);
            }
            failures.failed(ref, message, now);
        });
    }

    private Removals removals() {
        return source == Source.CONTROL_PLANE && !desired.hasUnreadable() ? Removals.ALLOWED : Removals.FORBIDDEN;
    }

    private Set<RowKey> take(DesiredUpdate update) {
        Set<RowKey> candidates;
        Map<RowKey, Row> state;
        switch (update) {
            case DesiredUpdate.Whole(var whole, var from) -> {
                candidates = new HashSet<>(rows.keys());
                candidates.addAll(whole.rows().keySet());
                state = whole.rows();
                source = from;
                planAll = true;
            }
            case DesiredUpdate.Changes changes -> {
                candidates = changes.keys();
                state = changes.updated();
            }
        }
        revision = update.revision();
        Set<RowKey> affected = new HashSet<>();
        for (RowKey key : candidates) {
            Row next = state.get(key);
            if (Objects.equals(next, rows.get(key).orElse(null))) {
                continue;
            }
            affected.addAll(rows.affectedBy(key));
            if (next == null) {
                rows.remove(key);
            } else {
                rows.put(next);
            }
            affected.addAll(rows.affectedBy(key));
        }
        for (RowKey key : affected) {
            Optional<Row> row = rows.get(key);
            Set<ObjectRef> changed;
            if (row.isPresent()) {
                changed = desired.put(key, compiler.compile(row.get(), rows));
                states.present(key, row.get().revision());
            } else {
                changed = desired.remove(key);
                states.removed(key, changed);
            }
            failures.reset(changed);
            dirty.addAll(changed);
        }
        return affected;
    }

    private void hear(NamespaceRef namespace, KernelChange change) {
        switch (change) {
            case KernelChange.Present(KernelObject object) -> {
                if (observed.present(namespace, object)) {
                    readBack.later(namespace, EnumSet.of(object.key().kind()));
                }
            }
            case KernelChange.Gone(KernelKey key) -> {
                if (observed.get(namespace, key).isPresent()) {
                    readBack.later(namespace, EnumSet.of(key.kind()));
                }
            }
            case KernelChange.LookAgain _, KernelChange.LookAtLink _ ->
                throw new IllegalArgumentException("the inbox collects these: " + change);
        }
    }

    private void retryDue() {
        Set<ObjectRef> due = failures.due(clock.instant());
        for (ObjectRef ref : due) {
            // It may be due to a wrong idea of what is there.
            readBack.later(ref.namespace(), EnumSet.allOf(ObjectKind.class));
            // With all that its rows want: what stood behind it was not planned for while it could not be made.
            dirty.add(ref);
            desired.wantedBy(ref).forEach(row -> dirty.addAll(desired.objectsOf(row)));
        }
    }

    /** What failed, or the link that it stands on, has changed: all that stood behind it need not wait for its turn. */
    private void retryBehind(Set<ObjectRef> changed) {
        if (failures.isEmpty() || changed.isEmpty()) {
            return;
        }
        for (ObjectRef ref : failures.refs()) {
            boolean stoodBehind = changed.contains(ref)
                    || (desired.get(ref).orElse(null) instanceof LinkSpec link
                            && link.kind() instanceof LinkKind.OnParent onParent
                            && changed.contains(
                                    new ObjectRef(NamespaceRef.HOST, new KernelKey.OfLink(onParent.parent()))));
            if (stoodBehind) {
                desired.wantedBy(ref).forEach(row -> dirty.addAll(desired.objectsOf(row)));
            }
        }
    }

    /** Something changed there. A sandbox that was not read yet is read whole when it is; of one that is gone, an echo. */
    private void lookAgain(NamespaceRef namespace, Looks looks) {
        if (namespace.equals(NamespaceRef.HOST) || observed.in(namespace).isPresent()) {
            readBack.later(namespace, looks);
        }
    }

    private Set<ObjectRef> readSome() {
        Instant before = clock.instant();
        Set<ObjectRef> changed = readBack.some();
        inbox.readBackTook(Duration.between(before, clock.instant()));
        return changed;
    }

    private void scan() {
        nextScan = clock.instant().plus(scanInterval);
        readBack.everythingLater();
    }
}
