package dev.weft.node.reconcile;

import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.NamespaceRef;

/** A desired object and where it belongs. */
public record Placed(NamespaceRef namespace, KernelObject object) {

    public ObjectRef ref() {
        return new ObjectRef(namespace, object.key());
    }
}
