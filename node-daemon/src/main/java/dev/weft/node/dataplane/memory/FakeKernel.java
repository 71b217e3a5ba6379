package dev.weft.node.dataplane.memory;

import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.Kernel;
import dev.weft.node.kernel.KernelChange;
import dev.weft.node.kernel.KernelException;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkChange;
import dev.weft.node.kernel.LinkEffects;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.kernel.ObservedLink;
import dev.weft.node.kernel.ObservedLink.AdminState;
import dev.weft.node.kernel.Operation;
import dev.weft.node.kernel.OperationResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * A kernel that answers as Linux does, as far as the reconciler can tell: links vanish with what is on them and with
 * their other end, what exists is not created again, and every change is told to the listener. Faults can be injected.
 */
public final class FakeKernel implements Kernel {

    /** Whether the operations that were run are written down. */
    public enum Journal {
        KEPT,
        /** For a kernel that lives long, or among thousands. */
        NONE
    }

    private final Map<NamespaceRef, Map<KernelKey, KernelObject>> namespaces = new HashMap<>();
    private final Journal keeping;
    private final List<String> journal = new ArrayList<>();
    private BiFunction<NamespaceRef, Operation, Optional<String>> faults = (namespace, operation) -> Optional.empty();
    private Listener listener = (namespace, change) -> {};
    private int nextIndex = 2;
    private int observations;
    private boolean unreadable;

    /** With a journal. */
    public FakeKernel() {
        this(Journal.KEPT);
    }

    public FakeKernel(Journal keeping) {
        this.keeping = keeping;
        namespaces.put(NamespaceRef.HOST, newNamespace());
    }

    /** Makes operations fail: with the message that the function gives for them. */
    public synchronized void injectFaults(BiFunction<NamespaceRef, Operation, Optional<String>> newFaults) {
        faults = newFaults;
    }

    /** Makes read-backs fail, as when the kernel is out of memory. */
    public synchronized void refuseToBeRead(boolean refuse) {
        unreadable = refuse;
    }

    /** Everything in a namespace, as it is. */
    public synchronized Map<KernelKey, KernelObject> contents(NamespaceRef namespace) {
        return Map.copyOf(namespaces.getOrDefault(namespace, Map.of()));
    }

    /** Puts an object there behind the daemon's back. */
    public synchronized void tamperPut(NamespaceRef namespace, KernelObject object) {
        put(namespace, object);
    }

    /** Takes an object away behind the daemon's back. */
    public synchronized void tamperTake(NamespaceRef namespace, KernelKey key) {
        take(namespace, key);
    }

    /** Tells the listener something that the kernel did not do. */
    public synchronized void announce(NamespaceRef namespace, KernelChange change) {
        listener.changed(namespace, change);
    }

    /** The operations run since the last call, as text. */
    public synchronized List<String> takeJournal() {
        List<String> taken = List.copyOf(journal);
        journal.clear();
        return taken;
    }

    /** How often a namespace was read back. */
    public synchronized int observations() {
        return observations;
    }

    @Override
    public synchronized Map<KernelKey, KernelObject> observe(
            NamespaceRef namespace, Set<ObjectKind> kinds, Collection<KernelKey.OfSysctl> sysctls) {
        observations++;
        Map<KernelKey, KernelObject> found = namespaces.get(namespace);
        if (found == null || unreadable) {
            throw new KernelException(
                    "read " + namespace + ": " + (found == null ? "no such namespace" : "injected fault"),
                    new IllegalStateException());
        }
        Map<KernelKey, KernelObject> answer = new HashMap<>(found);
        answer.keySet().removeIf(key -> !kinds.contains(key.kind()));
        return answer;
    }

    @Override
    public synchronized Map<KernelKey, KernelObject> observeLinks(
            NamespaceRef namespace,
            Set<Integer> indexes,
            Set<InterfaceName> names,
            Set<ObjectKind> kinds,
            Collection<KernelKey.OfSysctl> sysctls) {
        Map<KernelKey, KernelObject> answer = observe(namespace, EnumSet.allOf(ObjectKind.class), sysctls);
        Set<InterfaceName> links = new HashSet<>();
        for (KernelObject object : answer.values()) {
            if (object instanceof ObservedLink link
                    && (indexes.contains(link.index()) || names.contains(link.name()))) {
                links.add(link.name());
            }
        }
        answer.values()
                .removeIf(object -> object instanceof ObservedLink link
                        ? !links.contains(link.name())
                        : !kinds.contains(object.key().kind())
                                || object.key().link().filter(links::contains).isEmpty());
        return answer;
    }

    @Override
    public synchronized List<OperationResult> execute(NamespaceRef namespace, List<Operation> operations) {
        List<OperationResult> results = new ArrayList<>();
        for (Operation operation : operations) {
            if (keeping == Journal.KEPT) {
                journal.add(namespace + ": " + operation);
            }
            Optional<String> fault = faults.apply(namespace, operation);
            if (fault.isPresent()) {
                results.add(new OperationResult.Failed(fault.get()));
            } else if (!namespaces.containsKey(namespace)) {
                results.add(new OperationResult.Failed("no such namespace: " + namespace));
            } else {
                results.add(run(namespace, operation));
            }
        }
        return results;
    }

    @Override
    public synchronized void listen(Listener newListener) {
        listener = newListener;
    }

    @Override
    public void close() {}

    private OperationResult run(NamespaceRef namespace, Operation operation) {
        switch (operation) {
            case Operation.OpenNamespace(var wanted) -> {
                namespaces.computeIfAbsent(NamespaceRef.sandbox(wanted.sandboxId()), ref -> newNamespace());
                put(namespace, wanted);
            }
            case Operation.RemoveNamespace(var wanted) -> {
                NamespaceRef inside = NamespaceRef.sandbox(wanted.sandboxId());
                List.copyOf(namespaces.getOrDefault(inside, Map.of()).keySet()).forEach(key -> take(inside, key));
                namespaces.remove(inside);
                take(namespace, wanted.key());
            }
            case Operation.WriteFiles(var files) -> put(namespace, files);
            case Operation.ServeNames(var resolver) -> put(namespace, resolver);
            case Operation.StopNames(var resolver) -> take(namespace, resolver.key());
            case Operation.RemoveFiles(String id) -> take(namespace, new KernelKey.OfFiles(id));
            case Operation.SetSysctl(var sysctl, var _) -> put(namespace, sysctl);
            case Operation.CreateLink(var link) -> {
                return create(namespace, link);
            }
            case Operation.ChangeLink(var name, var changes) -> {
                return changeLink(namespace, name, changes);
            }
            case Operation.BringUp(var name) -> {
                return updateLink(namespace, name, LinkEffects::up);
            }
            case Operation.DeleteLink(var name, var _) -> take(namespace, new KernelKey.OfLink(name));
            case Operation.Put(var object, var _) -> {
                return putOn(namespace, object);
            }
            case Operation.Remove(var object, var _) -> take(namespace, object.key());
            case Operation.ChangeFirewall(var rebuild, var add, var remove) -> {
                rebuild.ifPresent(table -> {
                    there(namespace).keySet().removeIf(KernelObject.FirewallElement.class::isInstance);
                    put(namespace, table);
                });
                remove.forEach(element -> take(namespace, element));
                add.forEach(element -> put(namespace, element));
            }
        }
        return OperationResult.DONE;
    }

    private OperationResult create(NamespaceRef namespace, LinkSpec link) {
        if (there(namespace).containsKey(link.key())) {
            return new OperationResult.Failed("add link " + link.name() + ": EEXIST");
        }
        if (link.master()
                .filter(master -> !there(namespace).containsKey(new KernelKey.OfLink(master)))
                .isPresent()) {
            return new OperationResult.Failed("add link " + link.name() + ": no master " + link.master());
        }
        if (link.kind() instanceof LinkKind.VethHost end) {
            NamespaceRef inside = NamespaceRef.sandbox(end.sandboxId());
            KernelKey other = new KernelKey.OfLink(end.peerName());
            if (!namespaces.containsKey(inside) || there(inside).containsKey(other)) {
                return new OperationResult.Failed("add link " + link.name() + ": EEXIST in " + inside);
            }
            put(inside, LinkEffects.createdPeer(link, end, nextIndex++));
        }
        put(namespace, LinkEffects.created(link, nextIndex++));
        return OperationResult.DONE;
    }

    private OperationResult changeLink(NamespaceRef namespace, InterfaceName name, List<LinkChange> changes) {
        return updateLink(namespace, name, link -> {
            ObservedLink changed = link;
            for (LinkChange change : changes) {
                changed = LinkEffects.changed(changed, change);
            }
            return changed;
        });
    }

    private OperationResult updateLink(NamespaceRef namespace, InterfaceName name, UnaryOperator<ObservedLink> update) {
        KernelObject found = there(namespace).get(new KernelKey.OfLink(name));
        if (!(found instanceof ObservedLink link)) {
            return new OperationResult.Failed("set link " + name + ": ENODEV");
        }
        put(namespace, update.apply(link));
        return OperationResult.DONE;
    }

    private OperationResult putOn(NamespaceRef namespace, KernelObject object) {
        if (object.links().stream().anyMatch(link -> !there(namespace).containsKey(new KernelKey.OfLink(link)))) {
            return new OperationResult.Failed("put " + object + ": ENODEV");
        }
        put(namespace, object);
        return OperationResult.DONE;
    }

    private void put(NamespaceRef namespace, KernelObject object) {
        there(namespace).put(object.key(), object);
        listener.changed(namespace, new KernelChange.Present(object));
    }

    private void take(NamespaceRef namespace, KernelKey key) {
        Map<KernelKey, KernelObject> there = namespaces.get(namespace);
        if (there == null) {
            return;
        }
        KernelObject taken = there.remove(key);
        if (taken == null) {
            return;
        }
        if (taken instanceof ObservedLink link) {
            takeWhatIsOn(namespace, link);
        }
        listener.changed(namespace, new KernelChange.Gone(key));
    }

    private void takeWhatIsOn(NamespaceRef namespace, ObservedLink link) {
        Map<KernelKey, KernelObject> there = there(namespace);
        there.values().removeIf(object -> object.links().contains(link.name()));
        if (link.kindName().equals("bridge")) {
            List.copyOf(there.values()).forEach(object -> {
                if (object instanceof ObservedLink port && port.master().equals(Optional.of(link.name()))) {
                    put(namespace, port.withMaster(Optional.empty(), Optional.empty()));
                }
            });
        }
        if (link.kindName().equals("veth") && !link.alias().isEmpty()) {
            for (NamespaceRef other : List.copyOf(namespaces.keySet())) {
                there(other).values().stream()
                        .filter(object -> object instanceof ObservedLink end
                                && end.kindName().equals("veth")
                                && end.alias().equals(link.alias()))
                        .map(KernelObject::key)
                        .toList()
                        .forEach(key -> take(other, key));
            }
        }
    }

    private Map<KernelKey, KernelObject> there(NamespaceRef namespace) {
        return Objects.requireNonNull(namespaces.get(namespace), () -> "no such namespace: " + namespace);
    }

    private Map<KernelKey, KernelObject> newNamespace() {
        Map<KernelKey, KernelObject> objects = new HashMap<>();
        ObservedLink loopback = new ObservedLink(
                new InterfaceName("lo"),
                1,
                "",
                ObservedLink.Owner.OTHERS,
                "",
                Optional.empty(),
                65_536,
                Optional.empty(),
                AdminState.DOWN,
                Optional.empty(),
                Optional.empty());
        objects.put(loopback.key(), loopback);
        return objects;
    }
}
