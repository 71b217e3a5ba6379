package dev.weft.node.reconcile;

import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.Kernel;
import dev.weft.node.kernel.KernelException;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.kernel.ObservedLink;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

    /**
     * Reading a sandbox mostly is waiting for a thread to come round to its namespace. Daemon threads that end when they
     * are not needed.
     */
    private static final ExecutorService READERS = readers();

    private static ExecutorService readers() {
        ThreadPoolExecutor readers = new ThreadPoolExecutor(
                4,
                4,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("read-back-", 1).daemon().factory());
        readers.allowCoreThreadTimeOut(true);
        return readers;
    }

    private final Kernel kernel;
    private final KernelDesired desired;
    private final KernelObserved observed;
    private final TreeMap<NamespaceRef, Looks> due = new TreeMap<>();

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
            due.computeIfAbsent(namespace, ref -> new Looks()).add(kinds);
        }
    }

    void later(NamespaceRef namespace, Looks looks) {
        if (!looks.isEmpty()) {
            due.computeIfAbsent(namespace, ref -> new Looks()).addAll(looks);
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
        TreeMap<NamespaceRef, Looks> now = new TreeMap<>();
        while (!due.isEmpty() && now.size() < NAMESPACES_AT_ONCE) {
            Map.Entry<NamespaceRef, Looks> first = due.pollFirstEntry();
            now.put(first.getKey(), first.getValue());
        }
        Set<ObjectRef> changed = new HashSet<>();
        // First: it tells which sandboxes there are.
        Looks host = now.remove(NamespaceRef.HOST);
        if (host != null) {
            changed.addAll(now(NamespaceRef.HOST, host));
        }
        Map<NamespaceRef, Future<Reading>> readings = new TreeMap<>();
        now.forEach((namespace, looks) -> {
            Set<ObjectKind> kinds = wholeOf(namespace, looks);
            if (now.size() > 1 && !kinds.isEmpty()) {
                readings.put(namespace, READERS.submit(() -> read(namespace, kinds)));
            }
        });
        now.forEach((namespace, looks) -> {
            Future<Reading> reading = readings.get(namespace);
            if (reading != null) {
                changed.addAll(take(namespace, result(reading)));
                changed.addAll(linksNow(namespace, looks));
            } else {
                changed.addAll(now(namespace, looks));
            }
        });
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

    private Set<ObjectRef> now(NamespaceRef namespace, Looks looks) {
        Set<ObjectKind> kinds = wholeOf(namespace, looks);
        Set<ObjectRef> changed = new HashSet<>();
        if (!kinds.isEmpty()) {
            changed.addAll(now(namespace, kinds));
        }
        changed.addAll(linksNow(namespace, looks));
        return changed;
    }

    /** Kinds to read all objects of: all of them, where nothing is known. */
    private Set<ObjectKind> wholeOf(NamespaceRef namespace, Looks looks) {
        return observed.in(namespace).isPresent() ? looks.whole() : EnumSet.allOf(ObjectKind.class);
    }

    /**
     * Reads some links: those with the indexes, and whatever has or had their names by what was heard or known.
     *
     * @return as {@link #now}
     */
    private Set<ObjectRef> linksNow(NamespaceRef namespace, Looks looks) {
        if (looks.indexes().isEmpty() || observed.in(namespace).isEmpty()) {
            return Set.of();
        }
        Set<InterfaceName> names = new HashSet<>(looks.names());
        looks.indexes().forEach(index -> observed.linkAt(namespace, index).ifPresent(names::add));
        try {
            Set<KernelKey.OfSysctl> sysctls = sysctls(namespace, names, looks.onLinks());
            Map<KernelKey, KernelObject> found =
                    new HashMap<>(kernel.observeLinks(namespace, looks.indexes(), names, looks.onLinks(), sysctls));
            Set<InterfaceName> met = new HashSet<>();
            for (KernelObject object : found.values()) {
                if (object instanceof ObservedLink link && !names.contains(link.name())) {
                    met.add(link.name());
                }
            }
            Set<KernelKey.OfSysctl> more = sysctls(namespace, met, looks.onLinks());
            if (!more.isEmpty()) {
                found.putAll(kernel.observeLinks(namespace, Set.of(), met, Set.of(ObjectKind.SYSCTL), more));
                sysctls.addAll(more);
            }
            names.addAll(met);
            return observed.replaceOn(namespace, names, looks.onLinks(), sysctls, found);
        } catch (KernelException e) {
            failed(namespace, e, looks);
            return Set.of();
        }
    }

    private Set<KernelKey.OfSysctl> sysctls(NamespaceRef namespace, Set<InterfaceName> links, Set<ObjectKind> kinds) {
        Set<KernelKey.OfSysctl> wanted = new HashSet<>();
        if (kinds.contains(ObjectKind.SYSCTL)) {
            links.forEach(link -> wanted.addAll(desired.sysctlsOf(namespace, link)));
        }
        return wanted;
    }

    private void failed(NamespaceRef namespace, KernelException e, Looks looks) {
        LOG.warn("{}", e.getMessage());
        if (namespace.equals(NamespaceRef.HOST)) {
            later(namespace, looks);
        } else {
            // Its namespace is not what we think: the host's read-back tells.
            observed.forget(namespace);
        }
    }

    /**
     * Reads one namespace; whole, if nothing is known of it.
     *
     * @return the objects of which something else was known; none if it cannot be read
     */
    Set<ObjectRef> now(NamespaceRef namespace, Set<ObjectKind> kinds) {
        return take(
                namespace,
                read(namespace, observed.in(namespace).isPresent() ? kinds : EnumSet.allOf(ObjectKind.class)));
    }

    /** What reading came to. */
    private sealed interface Reading {
        record Found(Set<ObjectKind> kinds, Map<KernelKey, KernelObject> objects) implements Reading {}

        record Failed(Set<ObjectKind> kinds, KernelException cause) implements Reading {}
    }

    /** Changes nothing here, so that several sandboxes can be read at once while the reconciler's thread waits. */
    private Reading read(NamespaceRef namespace, Set<ObjectKind> wanted) {
        List<KernelKey.OfSysctl> sysctls = wanted.contains(ObjectKind.SYSCTL)
                ? desired.in(namespace).orElseThrow().keySet().stream()
                        .filter(KernelKey.OfSysctl.class::isInstance)
                        .map(KernelKey.OfSysctl.class::cast)
                        .toList()
                : List.of();
        try {
            return new Reading.Found(wanted, kernel.observe(namespace, wanted, sysctls));
        } catch (KernelException e) {
            return new Reading.Failed(wanted, e);
        }
    }

    private static Reading result(Future<Reading> reading) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return reading.get();
                } catch (InterruptedException e) {
                    // What is read back is short; half of it would not help.
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("reading a namespace back failed", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Set<ObjectRef> take(NamespaceRef namespace, Reading reading) {
        return switch (reading) {
            case Reading.Found(var kinds, var objects) -> take(namespace, kinds, objects);
            case Reading.Failed(var kinds, var cause) -> {
                Looks again = new Looks();
                again.add(kinds);
                failed(namespace, cause, again);
                yield Set.of();
            }
        };
    }

    private Set<ObjectRef> take(NamespaceRef namespace, Set<ObjectKind> wanted, Map<KernelKey, KernelObject> found) {
        boolean known = observed.in(namespace).isPresent();
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
