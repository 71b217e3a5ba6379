package dev.weft.node.reconcile;

import dev.weft.node.kernel.Kernel;
import dev.weft.node.kernel.KernelException;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObjectKind;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the kernel back into {@link KernelObserved}: what is to be read, by namespace, and the reading. Used by the
 * reconciler's thread.
 */
final class ReadBack {

    private static final Logger LOG = LoggerFactory.getLogger(ReadBack.class);

    /** So many namespaces between two looks at the inbox. */
    private static final int NAMESPACES_AT_ONCE = 16;

    private final Kernel kernel;
    private final KernelDesired desired;
    private final KernelObserved observed;
    private final TreeMap<NamespaceRef, Set<ObjectKind>> due = new TreeMap<>();

    ReadBack(Kernel kernel, KernelDesired desired, KernelObserved observed) {
        this.kernel = kernel;
        this.desired = desired;
        this.observed = observed;
    }

    boolean isDue() {
        return !due.isEmpty();
    }

    void later(NamespaceRef namespace, Set<ObjectKind> kinds) {
        if (!kinds.isEmpty()) {
            due.computeIfAbsent(namespace, ref -> EnumSet.noneOf(ObjectKind.class))
                    .addAll(kinds);
        }
    }

    void everythingLater() {
        later(NamespaceRef.HOST, EnumSet.allOf(ObjectKind.class));
        for (NamespaceRef namespace : observed.namespaces()) {
            later(namespace, EnumSet.allOf(ObjectKind.class));
        }
    }

    /**
     * Reads the host and some of the other namespaces that are due; the rest has its turn in the next pass, and so has one
     * that could not be read.
     *
     * @return the objects of which something else was known
     */
    Set<ObjectRef> some() {
        TreeMap<NamespaceRef, Set<ObjectKind>> now = new TreeMap<>();
        while (!due.isEmpty() && now.size() < NAMESPACES_AT_ONCE) {
            Map.Entry<NamespaceRef, Set<ObjectKind>> first = due.pollFirstEntry();
            now.put(first.getKey(), first.getValue());
        }
        Set<ObjectRef> changed = new HashSet<>();
        now.forEach((namespace, kinds) -> changed.addAll(now(namespace, kinds)));
        changed.addAll(otherEnds(changed));
        return changed;
    }

    /** A host's end that is gone has taken the other with it, in a namespace that nobody told us to look at. */
    private Set<ObjectRef> otherEnds(Set<ObjectRef> changed) {
        Set<NamespaceRef> sandboxes = new HashSet<>();
        for (ObjectRef ref : changed) {
            if (ref.namespace().equals(NamespaceRef.HOST)
                    && desired.get(ref).orElse(null) instanceof LinkSpec link
                    && link.kind() instanceof LinkKind.VethHost end
                    && observed.get(ref).isEmpty()) {
                sandboxes.add(NamespaceRef.sandbox(end.sandboxId()));
            }
        }
        Set<ObjectRef> found = new HashSet<>();
        for (NamespaceRef sandbox : sandboxes) {
            if (observed.in(sandbox).isPresent()) {
                found.addAll(now(sandbox, EnumSet.allOf(ObjectKind.class)));
            }
        }
        return found;
    }

    /**
     * Forgets the sandboxes' namespaces that are not open any more.
     *
     * @return what is wanted in them, of which nothing is known now
     */
    private Set<ObjectRef> forgetAllBut(Map<KernelKey, KernelObject> open) {
        Set<ObjectRef> unknown = new HashSet<>();
        for (NamespaceRef namespace : List.copyOf(observed.namespaces())) {
            if (namespace instanceof NamespaceRef.Sandbox(String id)
                    && !open.containsKey(new KernelKey.OfNamespace(id))) {
                observed.forget(namespace);
                desired.in(namespace)
                        .ifPresent(
                                objects -> objects.keySet().forEach(key -> unknown.add(new ObjectRef(namespace, key))));
            }
        }
        return unknown;
    }

    /**
     * Reads one namespace; whole, if nothing is known of it.
     *
     * @return the objects of which something else was known; none if it cannot be read
     */
    Set<ObjectRef> now(NamespaceRef namespace, Set<ObjectKind> kinds) {
        boolean known = observed.in(namespace).isPresent();
        Set<ObjectKind> wanted = known ? kinds : EnumSet.allOf(ObjectKind.class);
        List<KernelKey.OfSysctl> sysctls = desired.in(namespace).orElseThrow().keySet().stream()
                .filter(KernelKey.OfSysctl.class::isInstance)
                .map(KernelKey.OfSysctl.class::cast)
                .toList();
        Map<KernelKey, KernelObject> found;
        try {
            found = kernel.observe(namespace, wanted, sysctls);
        } catch (KernelException e) {
            LOG.warn("{}", e.getMessage());
            if (namespace.equals(NamespaceRef.HOST)) {
                later(namespace, wanted);
            } else {
                // Its namespace is not what we think: the host's read-back tells.
                observed.forget(namespace);
            }
            return Set.of();
        }
        Set<ObjectRef> changed = new HashSet<>(observed.replace(namespace, wanted, found));
        if (!known) {
            desired.in(namespace)
                    .ifPresent(objects -> objects.keySet().forEach(key -> changed.add(new ObjectRef(namespace, key))));
        }
        if (namespace.equals(NamespaceRef.HOST)) {
            if (wanted.contains(ObjectKind.NAMESPACE)) {
                changed.addAll(forgetAllBut(found));
            }
            for (KernelObject object : found.values()) {
                if (object instanceof KernelObject.SandboxNamespace sandbox
                        && observed.in(NamespaceRef.sandbox(sandbox.sandboxId()))
                                .isEmpty()) {
                    later(NamespaceRef.sandbox(sandbox.sandboxId()), EnumSet.allOf(ObjectKind.class));
                }
            }
        }
        return changed;
    }
}
