package dev.weft.node.reconcile;

import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.Kernel;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkChange;
import dev.weft.node.kernel.LinkEffects;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.kernel.ObservedLink;
import dev.weft.node.kernel.Operation;
import dev.weft.node.kernel.OperationResult;
import dev.weft.node.kernel.Phase.Stage;
import dev.weft.node.reconcile.Plan.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Runs a plan stage by stage, each stage in one batch a namespace, and keeps the view of the kernel up with what was done.
 * What needs an object that failed is left out, and fails with the first cause; everything else proceeds.
 */
final class PlanRunner {

    private static final ObjectRef FIREWALL = new ObjectRef(NamespaceRef.HOST, new KernelKey.OfTable());

    private final Kernel kernel;
    private final KernelObserved observed;

    PlanRunner(Kernel kernel, KernelObserved observed) {
        this.kernel = kernel;
        this.observed = observed;
    }

    /**
     * What became of a plan.
     *
     * @param failed why, by object
     * @param unfinished what is waited for, by object
     * @param opened namespaces of which nothing is known yet: they are to be read, and planned for
     * @param operations how many were run
     */
    record Outcome(
            Set<ObjectRef> done,
            Map<ObjectRef, String> failed,
            Map<ObjectRef, String> unfinished,
            Set<NamespaceRef> opened,
            int operations) {}

    /** Runs the plan; if it opens namespaces only that part of it, as the rest depends on what is in them. */
    Outcome run(Plan plan) {
        Outcome outcome = new Outcome(new HashSet<>(), new HashMap<>(), new HashMap<>(), new HashSet<>(), 0);
        plan.conflicts().forEach(conflict -> outcome.failed().put(conflict.subject(), conflict.problem()));
        Map<Stage, TreeMap<NamespaceRef, List<Operation>>> stages = new TreeMap<>();
        for (Step step : plan.steps()) {
            stages.computeIfAbsent(step.operation().phase().stage(), stage -> new TreeMap<>())
                    .computeIfAbsent(step.namespace(), namespace -> new ArrayList<>())
                    .add(step.operation());
        }
        int operations = 0;
        for (Map.Entry<Stage, TreeMap<NamespaceRef, List<Operation>>> stage : stages.entrySet()) {
            for (Map.Entry<NamespaceRef, List<Operation>> batch :
                    stage.getValue().entrySet()) {
                operations += run(batch.getKey(), batch.getValue(), outcome);
            }
            if (!outcome.opened().isEmpty()) {
                break;
            }
        }
        return new Outcome(outcome.done(), outcome.failed(), outcome.unfinished(), outcome.opened(), operations);
    }

    private int run(NamespaceRef namespace, List<Operation> operations, Outcome outcome) {
        List<Operation> runnable = new ArrayList<>();
        for (Operation planned : operations) {
            Operation operation = planned instanceof Operation.ChangeFirewall change
                    ? PortGate.withoutFailed(change, outcome.failed())
                    : planned;
            Optional<String> obstacle = obstacle(namespace, operation, outcome);
            if (operation instanceof Operation.ChangeFirewall change && change.isEmpty()) {
                continue;
            }
            if (obstacle.isPresent()) {
                subjects(namespace, operation).forEach(ref -> outcome.failed().putIfAbsent(ref, obstacle.get()));
            } else {
                runnable.add(operation);
            }
        }
        if (runnable.isEmpty()) {
            return 0;
        }
        List<OperationResult> results = kernel.execute(namespace, runnable);
        for (int i = 0; i < runnable.size(); i++) {
            note(namespace, runnable.get(i), results.get(i), outcome);
        }
        return runnable.size();
    }

    private void note(NamespaceRef namespace, Operation operation, OperationResult result, Outcome outcome) {
        List<ObjectRef> subjects = subjects(namespace, operation);
        switch (result) {
            case OperationResult.Done() -> {
                apply(namespace, operation, outcome);
                outcome.done().addAll(subjects);
            }
            case OperationResult.Unfinished(String what) ->
                subjects.forEach(ref -> outcome.unfinished().put(ref, what));
            case OperationResult.Failed(String message) ->
                subjects.forEach(ref -> outcome.failed().putIfAbsent(ref, message));
        }
    }

    private static List<ObjectRef> subjects(NamespaceRef namespace, Operation operation) {
        List<ObjectRef> subjects = new ArrayList<>();
        subjects.add(new ObjectRef(namespace, operation.subject()));
        if (operation instanceof Operation.ChangeFirewall(var _, var add, var remove)) {
            add.forEach(element -> subjects.add(new ObjectRef(namespace, element)));
            remove.forEach(element -> subjects.add(new ObjectRef(namespace, element)));
        }
        if (operation instanceof Operation.CreateLink(LinkSpec link) && link.kind() instanceof LinkKind.VethHost pair) {
            subjects.add(new ObjectRef(NamespaceRef.sandbox(pair.sandboxId()), new KernelKey.OfLink(pair.peerName())));
        }
        return subjects;
    }

    private static Optional<String> obstacle(NamespaceRef namespace, Operation operation, Outcome outcome) {
        for (ObjectRef needed : needs(namespace, operation)) {
            String failure = outcome.failed().get(needed);
            if (failure != null) {
                return Optional.of(failure);
            }
        }
        return Optional.empty();
    }

    /** What must not have failed for the operation to make sense. */
    private static List<ObjectRef> needs(NamespaceRef namespace, Operation operation) {
        List<ObjectRef> needs = new ArrayList<>();
        if (namespace instanceof NamespaceRef.Sandbox(String id)) {
            needs.add(new ObjectRef(NamespaceRef.HOST, new KernelKey.OfNamespace(id)));
        }
        switch (operation) {
            case Operation.CreateLink(LinkSpec link) -> {
                needs.add(new ObjectRef(namespace, link.key()));
                link.master().ifPresent(master -> needs.add(new ObjectRef(namespace, new KernelKey.OfLink(master))));
                if (link.kind() instanceof LinkKind.VethHost pair) {
                    needs.add(new ObjectRef(NamespaceRef.HOST, new KernelKey.OfNamespace(pair.sandboxId())));
                }
                if (link.kind() instanceof LinkKind.OnParent onParent) {
                    needs.add(link(NamespaceRef.HOST, onParent.parent()));
                }
            }
            case Operation.ChangeLink(InterfaceName name, var _) -> needs.add(link(namespace, name));
            case Operation.BringUp(InterfaceName name) -> {
                needs.add(link(namespace, name));
                // Without its isolation a workload must not be able to send.
                needs.add(FIREWALL);
            }
            case Operation.SetSysctl(var sysctl, var _) ->
                sysctl.key().link().ifPresent(name -> needs.add(link(namespace, name)));
            case Operation.Put(KernelObject object, var _) -> {
                object.links().forEach(name -> needs.add(link(namespace, name)));
            }
            case Operation.OpenNamespace _,
                    Operation.RemoveNamespace _,
                    Operation.WriteFiles _,
                    Operation.RemoveFiles _,
                    Operation.DeleteLink _,
                    Operation.Remove _,
                    Operation.StopNames _,
                    Operation.ChangeFirewall _ -> {}
            case Operation.ServeNames _ -> needs.add(link(namespace, RowCompiler.LOOPBACK));
        }
        return needs;
    }

    private static ObjectRef link(NamespaceRef namespace, InterfaceName name) {
        return new ObjectRef(namespace, new KernelKey.OfLink(name));
    }

    private void apply(NamespaceRef namespace, Operation operation, Outcome outcome) {
        switch (operation) {
            case Operation.OpenNamespace(var sandbox) -> {
                observed.present(namespace, sandbox);
                outcome.opened().add(NamespaceRef.sandbox(sandbox.sandboxId()));
            }
            case Operation.RemoveNamespace(var sandbox) -> {
                observed.gone(namespace, sandbox.key());
                observed.forget(NamespaceRef.sandbox(sandbox.sandboxId()));
            }
            case Operation.WriteFiles(var files) -> observed.present(namespace, files);
            case Operation.ServeNames(var resolver) -> observed.present(namespace, resolver);
            case Operation.StopNames _, Operation.RemoveFiles _, Operation.DeleteLink _, Operation.Remove _ ->
                observed.gone(namespace, operation.subject());
            case Operation.SetSysctl(var sysctl, var _) -> observed.present(namespace, sysctl);
            case Operation.CreateLink(LinkSpec link) -> {
                observed.present(namespace, LinkEffects.created(link, LinkEffects.UNKNOWN_INDEX));
                if (link.kind() instanceof LinkKind.VethHost pair) {
                    // The name was free, whatever was thought to be there.
                    observed.gone(NamespaceRef.sandbox(pair.sandboxId()), new KernelKey.OfLink(pair.peerName()));
                    observed.present(
                            NamespaceRef.sandbox(pair.sandboxId()),
                            LinkEffects.createdPeer(link, pair, LinkEffects.UNKNOWN_INDEX));
                }
            }
            case Operation.ChangeLink(InterfaceName name, List<LinkChange> changes) ->
                update(namespace, name, link -> {
                    ObservedLink changed = link;
                    for (LinkChange change : changes) {
                        changed = LinkEffects.changed(changed, change);
                    }
                    return changed;
                });
            case Operation.BringUp(InterfaceName name) -> update(namespace, name, LinkEffects::up);
            case Operation.Put(KernelObject object, var _) -> observed.present(namespace, object);
            case Operation.ChangeFirewall(var rebuild, var add, var remove) -> {
                rebuild.ifPresent(table -> {
                    observed.replace(namespace, EnumSet.of(ObjectKind.NFT), Map.of(table.key(), table));
                });
                remove.forEach(element -> observed.gone(namespace, element));
                add.forEach(element -> observed.present(namespace, element));
            }
        }
    }

    private void update(NamespaceRef namespace, InterfaceName name, UnaryOperator<ObservedLink> change) {
        observed.get(namespace, new KernelKey.OfLink(name)).ifPresent(object -> {
            if (object instanceof ObservedLink link) {
                observed.present(namespace, change.apply(link));
            }
        });
    }
}
