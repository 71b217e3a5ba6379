package dev.weft.node.reconcile;

import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.model.RowKey;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that should be in the kernel, as the rows' fragments say. An object that several rows want stays until the last of
 * them is gone. Where two rows want different things of one object, the first by key has its way, whatever the order in
 * which they came. Used by one thread.
 */
public final class KernelDesired implements ObjectTables {

    private final Map<RowKey, Fragment> fragments = new HashMap<>();
    private final Map<ObjectRef, TreeMap<RowKey, KernelObject>> wishes = new HashMap<>();
    private final Map<NamespaceRef, Map<KernelKey, KernelObject>> objects = new HashMap<>();
    private final Map<ObjectRef, Set<KernelKey.OfSysctl>> sysctlsOfLinks = new HashMap<>();
    private int unreadable;

    /**
     * Sets what a row means.
     *
     * @return the objects of which more or less is wanted now
     */
    public Set<ObjectRef> put(RowKey row, Fragment fragment) {
        Fragment effective = fragment;
        if (fragment instanceof Fragment.Unreadable && fragments.get(row) instanceof Fragment.Objects last) {
            effective = last;
        }
        Fragment old = fragments.put(row, effective);
        unreadable += count(effective) - count(old);
        if (effective.equals(old)) {
            return Set.of();
        }
        Set<ObjectRef> touched = new HashSet<>();
        for (Placed placed : placedIn(old)) {
            withdraw(row, placed.ref());
            touched.add(placed.ref());
        }
        for (Placed placed : placedIn(effective)) {
            wishes.computeIfAbsent(placed.ref(), ref -> new TreeMap<>()).put(row, placed.object());
            touched.add(placed.ref());
        }
        touched.forEach(this::settle);
        return touched;
    }

    public Set<ObjectRef> remove(RowKey row) {
        Set<ObjectRef> touched = new HashSet<>();
        Fragment old = fragments.remove(row);
        unreadable -= count(old);
        for (Placed placed : placedIn(old)) {
            withdraw(row, placed.ref());
            touched.add(placed.ref());
        }
        touched.forEach(this::settle);
        return touched;
    }

    public Optional<Fragment> fragment(RowKey row) {
        return Optional.ofNullable(fragments.get(row));
    }

    /** The rows that want the object. */
    public Set<RowKey> wantedBy(ObjectRef ref) {
        TreeMap<RowKey, KernelObject> rows = wishes.get(ref);
        return rows == null ? Set.of() : Collections.unmodifiableSet(rows.keySet());
    }

    /** What the row wants, in the order in which it says so. */
    public Set<ObjectRef> objectsOf(RowKey row) {
        Set<ObjectRef> refs = new LinkedHashSet<>();
        placedIn(fragments.get(row)).forEach(placed -> refs.add(placed.ref()));
        return refs;
    }

    /** The settings of a link that are wanted. */
    public Set<KernelKey.OfSysctl> sysctlsOf(NamespaceRef namespace, InterfaceName link) {
        return Collections.unmodifiableSet(
                sysctlsOfLinks.getOrDefault(new ObjectRef(namespace, new KernelKey.OfLink(link)), Set.of()));
    }

    /** Whether a row could not be read and nothing is known of what it was before. */
    public boolean hasUnreadable() {
        return unreadable > 0;
    }

    private static int count(@Nullable Fragment fragment) {
        return fragment instanceof Fragment.Unreadable ? 1 : 0;
    }

    @Override
    public Optional<Map<KernelKey, KernelObject>> in(NamespaceRef namespace) {
        return Optional.of(objects.getOrDefault(namespace, Map.of()));
    }

    @Override
    public Optional<KernelObject> get(NamespaceRef namespace, KernelKey key) {
        Map<KernelKey, KernelObject> there = objects.get(namespace);
        return there == null ? Optional.empty() : Optional.ofNullable(there.get(key));
    }

    @Override
    public Set<NamespaceRef> namespaces() {
        return Collections.unmodifiableSet(objects.keySet());
    }

    private void withdraw(RowKey row, ObjectRef ref) {
        TreeMap<RowKey, KernelObject> rows = wishes.get(ref);
        if (rows != null) {
            rows.remove(row);
            if (rows.isEmpty()) {
                wishes.remove(ref);
            }
        }
    }

    private void settle(ObjectRef ref) {
        TreeMap<RowKey, KernelObject> rows = wishes.get(ref);
        ref.key().link().ifPresent(link -> {
            if (ref.key() instanceof KernelKey.OfSysctl sysctl) {
                settleSysctl(new ObjectRef(ref.namespace(), new KernelKey.OfLink(link)), sysctl, rows != null);
            }
        });
        if (rows != null) {
            objects.computeIfAbsent(ref.namespace(), namespace -> new HashMap<>())
                    .put(ref.key(), rows.firstEntry().getValue());
            return;
        }
        Map<KernelKey, KernelObject> there = objects.get(ref.namespace());
        if (there != null) {
            there.remove(ref.key());
            if (there.isEmpty()) {
                objects.remove(ref.namespace());
            }
        }
    }

    private void settleSysctl(ObjectRef link, KernelKey.OfSysctl sysctl, boolean wanted) {
        Set<KernelKey.OfSysctl> there = sysctlsOfLinks.computeIfAbsent(link, ref -> new HashSet<>());
        boolean unusedChanged = wanted ? there.add(sysctl) : there.remove(sysctl);
        if (there.isEmpty()) {
            sysctlsOfLinks.remove(link);
        }
    }

    private static Collection<Placed> placedIn(@Nullable Fragment fragment) {
        return fragment instanceof Fragment.Objects(List<Placed> placed) ? placed : List.of();
    }
}
