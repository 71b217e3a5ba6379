package dev.weft.node.reconcile;

import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkEffects;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.kernel.ObservedLink;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known to be in the kernel: the last read-back of each namespace, kept up with the daemon's own operations and
 * with the kernel's notifications. Used by one thread.
 */
public final class KernelObserved implements ObjectTables {

    private final Map<NamespaceRef, Map<KernelKey, KernelObject>> objects = new HashMap<>();

    /** Replaces all that is known of a namespace. */
    public void replace(NamespaceRef namespace, Map<KernelKey, KernelObject> found) {
        objects.put(namespace, new HashMap<>(found));
    }

    /**
     * Replaces what is known of some kinds of objects of a namespace.
     *
     * @return the objects of which something else was known
     */
    public Set<ObjectRef> replace(NamespaceRef namespace, Set<ObjectKind> kinds, Map<KernelKey, KernelObject> found) {
        Map<KernelKey, KernelObject> there = objects.computeIfAbsent(namespace, ref -> new HashMap<>());
        Set<ObjectRef> changed = new HashSet<>();
        for (KernelKey key : List.copyOf(there.keySet())) {
            if (kinds.contains(key.kind()) && isAnother(there.get(key), found.get(key))) {
                changed.addAll(gone(namespace, key));
            }
        }
        found.forEach((key, object) -> {
            if (!object.equals(there.put(key, object))) {
                changed.add(new ObjectRef(namespace, key));
            }
        });
        return changed;
    }

    /** Whether an object is gone, or is a link made anew under the same name: then all that was on it is gone too. */
    private static boolean isAnother(@Nullable KernelObject before, @Nullable KernelObject now) {
        if (before instanceof ObservedLink old && now instanceof ObservedLink link) {
            return old.index() != link.index() && old.index() != LinkEffects.UNKNOWN_INDEX;
        }
        return now == null;
    }

    public void forget(NamespaceRef namespace) {
        objects.remove(namespace);
    }

    /**
     * Notes that an object exists.
     *
     * @return whether that is news; always false in a namespace of which nothing is known
     */
    public boolean present(NamespaceRef namespace, KernelObject object) {
        Map<KernelKey, KernelObject> there = objects.get(namespace);
        return there != null && !object.equals(there.put(object.key(), object));
    }

    /**
     * Notes that an object does not exist, nor, if it is a link, anything on it.
     *
     * @return what was there until now
     */
    public Set<ObjectRef> gone(NamespaceRef namespace, KernelKey key) {
        Map<KernelKey, KernelObject> there = objects.get(namespace);
        if (there == null || there.remove(key) == null) {
            return Set.of();
        }
        Set<ObjectRef> lost = new HashSet<>();
        lost.add(new ObjectRef(namespace, key));
        if (key instanceof KernelKey.OfLink(InterfaceName link)) {
            there.keySet().removeIf(other -> {
                boolean on = isOn(there.get(other), link);
                if (on) {
                    lost.add(new ObjectRef(namespace, other));
                }
                return on;
            });
        }
        return lost;
    }

    private static boolean isOn(@Nullable KernelObject object, InterfaceName link) {
        return object != null && object.links().contains(link);
    }

    @Override
    public Optional<Map<KernelKey, KernelObject>> in(NamespaceRef namespace) {
        return Optional.ofNullable(objects.get(namespace)).map(Collections::unmodifiableMap);
    }

    @Override
    public Set<NamespaceRef> namespaces() {
        return Collections.unmodifiableSet(objects.keySet());
    }
}
