package dev.weft.node.reconcile;

import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.NamespaceRef;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Objects by namespace and key: all desired ones, or all observed ones. */
public interface ObjectTables {

    /** The objects of one namespace; absent when nothing is known of it, which is not the same as empty. */
    Optional<Map<KernelKey, KernelObject>> in(NamespaceRef namespace);

    Set<NamespaceRef> namespaces();

    default Optional<KernelObject> get(NamespaceRef namespace, KernelKey key) {
        return in(namespace).map(objects -> objects.get(key));
    }

    default Optional<KernelObject> get(ObjectRef ref) {
        return get(ref.namespace(), ref.key());
    }
}
