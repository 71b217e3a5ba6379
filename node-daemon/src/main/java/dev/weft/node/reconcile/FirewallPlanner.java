package dev.weft.node.reconcile;

import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.KernelObject.FirewallElement;
import dev.weft.node.kernel.KernelObject.FirewallTable;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.Operation;
import dev.weft.node.reconcile.Planner.Removals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The firewall's part of a plan: one transaction, of single elements while the tables are intact, of everything when they
 * are not.
 */
final class FirewallPlanner {

    private final ObjectTables desired;
    private final ObjectTables observed;
    private final Removals removals;
    private final Predicate<FirewallElement> blocked;

    /** @param blocked elements that must not be there, though wanted */
    FirewallPlanner(
            ObjectTables desired, ObjectTables observed, Removals removals, Predicate<FirewallElement> blocked) {
        this.desired = desired;
        this.observed = observed;
        this.removals = removals;
        this.blocked = blocked;
    }

    Optional<Operation.ChangeFirewall> plan(Set<ObjectRef> scope) {
        Optional<Map<KernelKey, KernelObject>> found = observed.in(NamespaceRef.HOST);
        Map<KernelKey, KernelObject> wanted = desired.in(NamespaceRef.HOST).orElse(Map.of());
        KernelKey tableKey = new KernelKey.OfTable();
        boolean intact = found.isEmpty()
                || !(wanted.get(tableKey) instanceof FirewallTable table)
                || table.equals(found.get().get(tableKey));
        if (intact) {
            return elements(scope, found.orElse(Map.of()), wanted);
        }
        return scope.stream().anyMatch(FirewallPlanner::isFirewall)
                ? Optional.of(everything(FirewallTable.INTACT, wanted, scope))
                : Optional.empty();
    }

    private Operation.ChangeFirewall everything(
            FirewallTable table, Map<KernelKey, KernelObject> wanted, Set<ObjectRef> scope) {
        List<FirewallElement> all = wanted.keySet().stream()
                .flatMap(key -> key instanceof FirewallElement element ? Stream.of(element) : Stream.empty())
                .filter(element -> !blocked.test(element) && PortGate.mayPublish(element, observed, scope))
                .sorted(KernelKey.ORDER)
                .toList();
        return new Operation.ChangeFirewall(Optional.of(table), all, List.of());
    }

    private Optional<Operation.ChangeFirewall> elements(
            Set<ObjectRef> scope, Map<KernelKey, KernelObject> found, Map<KernelKey, KernelObject> wanted) {
        List<FirewallElement> add = new ArrayList<>();
        List<FirewallElement> remove = new ArrayList<>();
        for (ObjectRef ref : scope) {
            if (ref.key() instanceof FirewallElement element) {
                boolean isWanted = wanted.containsKey(element) && !blocked.test(element);
                boolean isThere = found.containsKey(element);
                if (isWanted && !isThere && PortGate.mayPublish(element, observed, scope)) {
                    add.add(element);
                } else if (!isWanted && isThere && removals == Removals.ALLOWED) {
                    remove.add(element);
                }
            }
        }
        add.sort(KernelKey.ORDER);
        remove.sort(KernelKey.ORDER);
        return add.isEmpty() && remove.isEmpty()
                ? Optional.empty()
                : Optional.of(new Operation.ChangeFirewall(Optional.empty(), add, remove));
    }

    private static boolean isFirewall(ObjectRef ref) {
        return ref.key() instanceof KernelKey.OfTable || ref.key() instanceof FirewallElement;
    }
}
