package dev.weft.node.reconcile;

import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkEffects;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.kernel.ObservedLink;
import java.util.Collection;
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

    private final Map<NamespaceRef, Known> known = new HashMap<>();

    /** What is known of a namespace, and what of that stands on a link, so that nobody has to look through all of it. */
    private static final class Known {

        private final Map<KernelKey, KernelObject> objects = new HashMap<>();
        private final Map<InterfaceName, Set<KernelKey>> byLink = new HashMap<>();
        private final Map<Integer, InterfaceName> byIndex = new HashMap<>();

        @Nullable
        KernelObject put(KernelKey key, KernelObject object) {
            KernelObject before = objects.put(key, object);
            if (before != null && !before.equals(object)) {
                unlink(key, before);
            }
            for (InterfaceName link : object.links()) {
                byLink.computeIfAbsent(link, name -> new HashSet<>()).add(key);
            }
            if (object instanceof ObservedLink link && link.index() != LinkEffects.UNKNOWN_INDEX) {
                byIndex.put(link.index(), link.name());
            }
            return before;
        }

        @Nullable
        KernelObject remove(KernelKey key) {
            KernelObject before = objects.remove(key);
            if (before != null) {
                unlink(key, before);
            }
            return before;
        }

        private void unlink(KernelKey key, KernelObject object) {
            for (InterfaceName link : object.links()) {
                Set<KernelKey> keys = byLink.get(link);
                if (keys != null && keys.remove(key) && keys.isEmpty()) {
                    byLink.remove(link);
                }
            }
            if (object instanceof ObservedLink link) {
                boolean unusedWasThere = byIndex.remove(link.index(), link.name());
            }
        }

        /** What needs the link to be there. */
        List<KernelKey> on(InterfaceName link) {
            return List.copyOf(byLink.getOrDefault(link, Set.of()));
        }
    }

    /** Replaces all that is known of a namespace. */
    public void replace(NamespaceRef namespace, Map<KernelKey, KernelObject> found) {
        Known there = new Known();
        found.forEach(there::put);
        known.put(namespace, there);
    }

    /**
     * Replaces what is known of some kinds of objects of a namespace.
     *
     * @return the objects of which something else was known
     */
    public Set<ObjectRef> replace(NamespaceRef namespace, Set<ObjectKind> kinds, Map<KernelKey, KernelObject> found) {
        Known there = known.computeIfAbsent(namespace, ref -> new Known());
        List<KernelKey> before = there.objects.keySet().stream()
                .filter(key -> kinds.contains(key.kind()))
                .toList();
        return replace(namespace, there, before, found);
    }

    /**
     * Replaces what is known of some links of a namespace, and of some kinds of objects on them.
     *
     * @param links all that were looked for, also those that were not found
     * @param kinds beside the links
     * @return the objects of which something else was known
     */
    public Set<ObjectRef> replaceOn(
            NamespaceRef namespace,
            Set<InterfaceName> links,
            Set<ObjectKind> kinds,
            Collection<KernelKey.OfSysctl> sysctls,
            Map<KernelKey, KernelObject> found) {
        Known there = known.computeIfAbsent(namespace, ref -> new Known());
        Set<KernelKey> before = new HashSet<>();
        for (InterfaceName link : links) {
            before.add(new KernelKey.OfLink(link));
            for (KernelKey key : there.on(link)) {
                if (kinds.contains(key.kind())
                        && key.link().filter(link::equals).isPresent()) {
                    before.add(key);
                }
            }
        }
        if (kinds.contains(ObjectKind.SYSCTL)) {
            before.addAll(sysctls);
        }
        before.retainAll(there.objects.keySet());
        return replace(namespace, there, List.copyOf(before), found);
    }

    private Set<ObjectRef> replace(
            NamespaceRef namespace, Known there, List<KernelKey> before, Map<KernelKey, KernelObject> found) {
        Set<ObjectRef> changed = new HashSet<>();
        for (KernelKey key : before) {
            if (isAnother(there.objects.get(key), found.get(key))) {
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

    /** The name that the link with an index had when it was read last; empty if there was none. */
    public Optional<InterfaceName> linkAt(NamespaceRef namespace, int index) {
        return Optional.ofNullable(known.get(namespace)).map(there -> there.byIndex.get(index));
    }

    public void forget(NamespaceRef namespace) {
        known.remove(namespace);
    }

    /**
     * Notes that an object exists.
     *
     * @return whether that is news; always false in a namespace of which nothing is known
     */
    public boolean present(NamespaceRef namespace, KernelObject object) {
        Known there = known.get(namespace);
        return there != null && !object.equals(there.put(object.key(), object));
    }

    /**
     * Notes that an object does not exist, nor, if it is a link, anything on it.
     *
     * @return what was there until now
     */
    public Set<ObjectRef> gone(NamespaceRef namespace, KernelKey key) {
        Known there = known.get(namespace);
        if (there == null || there.remove(key) == null) {
            return Set.of();
        }
        Set<ObjectRef> lost = new HashSet<>();
        lost.add(new ObjectRef(namespace, key));
        if (key instanceof KernelKey.OfLink(InterfaceName link)) {
            for (KernelKey on : there.on(link)) {
                if (there.remove(on) != null) {
                    lost.add(new ObjectRef(namespace, on));
                }
            }
        }
        return lost;
    }

    @Override
    public Optional<Map<KernelKey, KernelObject>> in(NamespaceRef namespace) {
        return Optional.ofNullable(known.get(namespace)).map(there -> Collections.unmodifiableMap(there.objects));
    }

    @Override
    public Optional<KernelObject> get(NamespaceRef namespace, KernelKey key) {
        Known there = known.get(namespace);
        return there == null ? Optional.empty() : Optional.ofNullable(there.objects.get(key));
    }

    @Override
    public Set<NamespaceRef> namespaces() {
        return Collections.unmodifiableSet(known.keySet());
    }
}
