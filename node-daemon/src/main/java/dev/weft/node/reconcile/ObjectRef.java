package dev.weft.node.reconcile;

import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.NamespaceRef;
import java.util.Comparator;

/** An object of one namespace. */
public record ObjectRef(NamespaceRef namespace, KernelKey key) implements Comparable<ObjectRef> {

    private static final Comparator<ObjectRef> ORDER =
            Comparator.comparing(ObjectRef::namespace).thenComparing(ObjectRef::key, KernelKey.ORDER);

    @Override
    public int compareTo(ObjectRef other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return key + " (" + namespace + ")";
    }
}
