package dev.weft.node.reconcile;

import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.ObservedLink;
import dev.weft.node.kernel.Operation;
import dev.weft.node.model.RowKey;
import dev.weft.node.reconcile.Planner.Removals;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** How each row stands: from what its objects should be, what they are, and what went wrong with them. */
final class RowStates {

    private final KernelDesired desired;
    private final KernelObserved observed;
    private final Failures failures;
    private final Map<RowKey, Long> revisions = new HashMap<>();
    private final Map<RowKey, RowState> states = new HashMap<>();
    private final Map<RowKey, Leaving> leaving = new HashMap<>();

    /** A row that is no more, and what it wanted last. */
    private record Leaving(long revision, Set<ObjectRef> objects) {}

    RowStates(KernelDesired desired, KernelObserved observed, Failures failures) {
        this.desired = desired;
        this.observed = observed;
        this.failures = failures;
    }

    void present(RowKey key, long revision) {
        revisions.put(key, revision);
        leaving.remove(key);
    }

    void removed(RowKey key, Set<ObjectRef> objects) {
        Long revision = revisions.remove(key);
        leaving.put(key, new Leaving(revision == null ? 0 : revision, objects));
    }

    /**
     * Looks at rows again.
     *
     * @param touched rows that changed
     * @param scope objects that were looked at
     * @return the rows that stand otherwise than before
     */
    Map<RowKey, RowState> update(Set<RowKey> touched, Set<ObjectRef> scope, boolean everything, Removals removals) {
        Set<RowKey> rows = new HashSet<>(touched);
        if (everything) {
            rows.addAll(revisions.keySet());
        } else {
            scope.forEach(ref -> rows.addAll(desired.wantedBy(ref)));
        }
        Set<ObjectRef> wrong = stillWrong(rows, removals);
        Map<RowKey, RowState> changed = new HashMap<>();
        for (RowKey row : rows) {
            Long revision = revisions.get(row);
            if (revision != null) {
                RowState state = state(row, revision, wrong);
                if (!state.equals(states.put(row, state))) {
                    changed.put(row, state);
                }
            }
        }
        reportRemoved(changed);
        return changed;
    }

    private Set<ObjectRef> stillWrong(Set<RowKey> rows, Removals removals) {
        Set<ObjectRef> objects = new HashSet<>();
        rows.forEach(row -> objects.addAll(desired.objectsOf(row)));
        Set<ObjectRef> wrong = subjects(Planner.plan(desired, observed, removals, objects));
        objects.stream().filter(ref -> observed.in(ref.namespace()).isEmpty()).forEach(wrong::add);
        return wrong;
    }

    /** Of these objects those that are wrong without having failed: something happened while they were set right. */
    Set<ObjectRef> unsettled(Set<ObjectRef> scope) {
        Set<ObjectRef> wrong = subjects(Planner.plan(desired, observed, Removals.FORBIDDEN, scope));
        wrong.removeIf(ref -> failures.of(ref).isPresent());
        return wrong;
    }

    static Set<ObjectRef> subjects(Plan plan) {
        Set<ObjectRef> subjects = new HashSet<>();
        for (Plan.Step step : plan.steps()) {
            subjects.add(step.subject());
            if (step.operation() instanceof Operation.ChangeFirewall(var _, var add, var remove)) {
                add.forEach(element -> subjects.add(new ObjectRef(step.namespace(), element)));
                remove.forEach(element -> subjects.add(new ObjectRef(step.namespace(), element)));
            }
        }
        return subjects;
    }

    private RowState state(RowKey row, long revision, Set<ObjectRef> wrong) {
        Optional<Fragment> fragment = desired.fragment(row);
        if (fragment.isEmpty()) {
            return new RowState(RowState.Stage.PENDING, revision, "");
        }
        return switch (fragment.get()) {
            case Fragment.Impossible(String problem) -> new RowState(RowState.Stage.FAILED, revision, problem);
            case Fragment.Unreadable(String problem) -> new RowState(RowState.Stage.FAILED, revision, problem);
            case Fragment.Waiting(String reason) -> new RowState(RowState.Stage.PENDING, revision, reason);
            case Fragment.Objects _ -> stateOfObjects(row, revision, wrong);
        };
    }

    private RowState stateOfObjects(RowKey row, long revision, Set<ObjectRef> wrong) {
        boolean pending = false;
        String waitsFor = "";
        Set<ObjectRef> objects = desired.objectsOf(row);
        // Of several failures always the same one is told.
        for (ObjectRef ref : failures.isEmpty() ? objects : new TreeSet<>(objects)) {
            Optional<Failures.Failure> failure = failures.of(ref);
            if (failure.isPresent()) {
                if (failure.get().severity() == Failures.Severity.FAILED) {
                    return new RowState(
                            RowState.Stage.FAILED, revision, failure.get().message());
                }
                waitsFor = failure.get().message();
            }
            Set<RowKey> wishers = desired.wantedBy(ref);
            if (wishers.size() > 1 && !wishers.iterator().next().equals(row) && differsFromFirst(row, ref)) {
                return new RowState(
                        RowState.Stage.FAILED,
                        revision,
                        ref + " is wanted otherwise by " + wishers.iterator().next());
            }
            pending |= wrong.contains(ref);
        }
        return pending
                ? new RowState(RowState.Stage.PENDING, revision, waitsFor)
                : new RowState(RowState.Stage.READY, revision, "");
    }

    private boolean differsFromFirst(RowKey row, ObjectRef ref) {
        return desired.fragment(row).orElse(null) instanceof Fragment.Objects(var placed)
                && placed.stream()
                        .anyMatch(mine ->
                                mine.ref().equals(ref) && !desired.get(ref).equals(Optional.of(mine.object())));
    }

    private void reportRemoved(Map<RowKey, RowState> changed) {
        leaving.entrySet().removeIf(entry -> {
            boolean gone = entry.getValue().objects().stream().allMatch(this::isGoneOrOthers);
            if (gone) {
                states.remove(entry.getKey());
                changed.put(
                        entry.getKey(),
                        new RowState(RowState.Stage.REMOVED, entry.getValue().revision(), ""));
            }
            return gone;
        });
    }

    /** Settings and the firewall's structure stay; all else must be gone, unless another row wants it. */
    private boolean isGoneOrOthers(ObjectRef ref) {
        return ref.key() instanceof KernelKey.OfSysctl
                || ref.key() instanceof KernelKey.OfTable
                || !desired.wantedBy(ref).isEmpty()
                || observed.get(ref).filter(RowStates::isRemovable).isEmpty();
    }

    private static boolean isRemovable(KernelObject object) {
        return !(object instanceof ObservedLink link) || link.owner() == ObservedLink.Owner.WEFT;
    }
}
