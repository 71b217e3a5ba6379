package dev.weft.node.reconcile;

import dev.weft.net.IpAddress;
import dev.weft.node.dataplane.memory.FakeKernel;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.Operation;
import dev.weft.node.model.NodeProfile;
import dev.weft.node.model.Row;
import dev.weft.node.reconcile.Planner.Removals;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Rows on one side, a kernel in memory on the other: plans, and what they lead to. */
final class World {

    static final NodeProfile NODE = new NodeProfile(Optional.of(IpAddress.parse("192.0.2.1")));

    final FakeKernel kernel = new FakeKernel();
    private final NodeProfile node;
    private KernelDesired desired = new KernelDesired();

    World() {
        this(NODE);
    }

    World(NodeProfile node) {
        this.node = node;
    }

    World want(Row... rows) {
        return want(List.of(rows));
    }

    World want(Collection<? extends Row> rows) {
        desired = desired(node, rows);
        return this;
    }

    static KernelDesired desired(Collection<? extends Row> rows) {
        return desired(NODE, rows);
    }

    private static KernelDesired desired(NodeProfile node, Collection<? extends Row> rows) {
        RowIndex index = RowIndex.of(rows);
        RowCompiler compiler = new RowCompiler(node);
        KernelDesired desired = new KernelDesired();
        for (Row row : rows) {
            var unused = desired.put(row.key(), compiler.compile(row, index));
        }
        return desired;
    }

    KernelDesired desired() {
        return desired;
    }

    KernelObserved observed() {
        KernelObserved observed = new KernelObserved();
        observed.replace(NamespaceRef.HOST, kernel.contents(NamespaceRef.HOST));
        for (var key : kernel.contents(NamespaceRef.HOST).keySet()) {
            if (key instanceof dev.weft.node.kernel.KernelKey.OfNamespace(String id)) {
                observed.replace(NamespaceRef.sandbox(id), kernel.contents(NamespaceRef.sandbox(id)));
            }
        }
        return observed;
    }

    Plan plan() {
        return plan(Removals.ALLOWED);
    }

    Plan plan(Removals removals) {
        return Planner.plan(desired, observed(), removals);
    }

    /** Opens namespaces, then does the rest, as the reconciler does. */
    World settle() {
        run(plan(), true);
        run(plan(), false);
        return this;
    }

    private void run(Plan plan, boolean namespacesOnly) {
        for (Plan.Step step : plan.steps()) {
            boolean namespaceStep = step.operation() instanceof Operation.OpenNamespace;
            if (!namespacesOnly || namespaceStep) {
                var unused = kernel.execute(step.namespace(), List.of(step.operation()));
            }
        }
    }
}
