package dev.weft.node.reconcile;

import dev.weft.node.kernel.KernelObject.FirewallElement;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.Operation;
import dev.weft.node.kernel.PortForward;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Nothing is led away from a port of the host that we do not hold: somebody else may be served there. What is led away
 * already stays, though: the daemon was gone for a moment, the traffic was not.
 */
final class PortGate {

    private PortGate() {}

    private static Optional<ObjectRef> socketOf(FirewallElement element) {
        return PortForward.of(element).map(forward -> new ObjectRef(NamespaceRef.HOST, forward.port()));
    }

    /** Whether the element's port is held, or about to be by the same plan. */
    static boolean mayPublish(FirewallElement element, ObjectTables observed, Set<ObjectRef> scope) {
        return socketOf(element)
                .map(socket -> observed.get(socket).isPresent() || scope.contains(socket))
                .orElse(true);
    }

    /** The change without what leads away from ports that could not be held; those are noted as failed, too. */
    static Operation.ChangeFirewall withoutFailed(Operation.ChangeFirewall change, Map<ObjectRef, String> failed) {
        List<FirewallElement> add = new ArrayList<>();
        for (FirewallElement element : change.add()) {
            Optional<String> cause =
                    failed.isEmpty() ? Optional.empty() : socketOf(element).map(failed::get);
            if (cause.isPresent()) {
                failed.putIfAbsent(new ObjectRef(NamespaceRef.HOST, element), cause.get());
            } else {
                add.add(element);
            }
        }
        return new Operation.ChangeFirewall(change.rebuild(), add, change.remove());
    }
}
