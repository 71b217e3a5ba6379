package dev.weft.node.reconcile;

import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObservedLink;
import dev.weft.node.kernel.Operation;
import dev.weft.node.kernel.Phase;
import dev.weft.node.reconcile.Plan.Conflict;
import dev.weft.node.reconcile.Plan.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * From what should be and what is to what must be done: a pure function. Only what is wrong is touched; what does not
 * carry one of our marks never is; where nothing is wrong the plan is empty; the same input gives the same plan.
 */
public final class Planner {

    /** Whether what nobody wants may be removed. */
    public enum Removals {
        /** Only once the control plane has told the whole desired state: what was not heard of yet must stay. */
        ALLOWED,
        FORBIDDEN
    }

    private final ObjectTables desired;
    private final ObjectTables observed;
    private final Removals removals;
    private final List<Step> steps = new ArrayList<>();
    private final List<Conflict> conflicts = new ArrayList<>();

    /** Links that this plan deletes or makes anew: what was on them is gone by then. */
    private final Set<ObjectRef> leaving = new HashSet<>();

    /** Links that cannot be made, and why; nothing may be done to what has their name. Filled as it is asked for. */
    private final Map<ObjectRef, Optional<String>> obstacles = new HashMap<>();

    private Planner(ObjectTables desired, ObjectTables observed, Removals removals) {
        this.desired = desired;
        this.observed = observed;
        this.removals = removals;
    }

    /** A plan for everything. */
    public static Plan plan(ObjectTables desired, ObjectTables observed, Removals removals) {
        return new Planner(desired, observed, removals).build(everything(desired, observed));
    }

    /**
     * A plan for some objects. When a link among them has to be made anew, which may reach any other object, it becomes
     * one for everything.
     */
    public static Plan plan(
            ObjectTables desired, ObjectTables observed, Removals removals, Collection<ObjectRef> scope) {
        Planner planner = new Planner(desired, observed, removals);
        return planner.mustReplaceLinkAmong(scope)
                ? plan(desired, observed, removals)
                : planner.build(Set.copyOf(scope));
    }

    private static Set<ObjectRef> everything(ObjectTables desired, ObjectTables observed) {
        Set<ObjectRef> all = new HashSet<>();
        for (ObjectTables tables : List.of(desired, observed)) {
            for (NamespaceRef namespace : tables.namespaces()) {
                tables.in(namespace)
                        .ifPresent(objects -> objects.keySet().forEach(key -> all.add(new ObjectRef(namespace, key))));
            }
        }
        return all;
    }

    /** In whatever order the objects come: the plan sorts what there is to do, which mostly is little of them. */
    private Plan build(Set<ObjectRef> scope) {
        List<ObjectRef> links = scope.stream()
                .filter(ref -> ref.key() instanceof KernelKey.OfLink)
                .toList();
        for (ObjectRef ref : links) {
            obstacle(ref).ifPresent(problem -> conflicts.add(new Conflict(ref, problem)));
        }
        links.forEach(this::findLeaving);
        addEndsOfLeaving(links);
        for (ObjectRef ref : scope) {
            if (observed.in(ref.namespace()).isPresent()) {
                planObject(ref);
            }
        }
        new FirewallPlanner(desired, observed, removals, this::isAboutBlockedLink)
                .plan(scope)
                .ifPresent(change -> steps.add(new Step(NamespaceRef.HOST, change)));
        return new Plan(steps, conflicts);
    }

    private boolean mustReplaceLinkAmong(Collection<ObjectRef> scope) {
        return scope.stream().anyMatch(ref -> {
            Optional<LinkSpec> wanted = wantedLink(ref);
            Optional<ObservedLink> found = foundLink(ref);
            return wanted.isPresent()
                    && found.isPresent()
                    && (LinkDiff.of(wanted.get(), found.get()) instanceof LinkDiff.Replace
                            || hasLostItsEnd(wanted.get()));
        });
    }

    /** Why a wanted link cannot be made: somebody else's link has its name, or that of one that it cannot be without. */
    private Optional<String> obstacle(ObjectRef ref) {
        Optional<String> known = obstacles.get(ref);
        if (known != null) {
            return known;
        }
        Optional<String> found = wantedLink(ref)
                .flatMap(wanted -> foreign(ref)
                        .or(() -> wanted.master()
                                .flatMap(master ->
                                        obstacle(new ObjectRef(ref.namespace(), new KernelKey.OfLink(master)))))
                        .or(() -> switch (wanted.kind()) {
                            // Neither end of a pair can be made without the other.
                            case LinkKind.VethHost(String sandbox, InterfaceName peer, var _) ->
                                foreign(new ObjectRef(NamespaceRef.sandbox(sandbox), new KernelKey.OfLink(peer)))
                                        .map(problem -> problem + ", in the sandbox");
                            case LinkKind.VethSandbox(InterfaceName host) ->
                                obstacle(new ObjectRef(NamespaceRef.HOST, new KernelKey.OfLink(host)));
                            case LinkKind.OnParent onParent -> withoutParent(ref, onParent);
                            case LinkKind.Bridge _,
                                    LinkKind.Vxlan _,
                                    LinkKind.Loopback _,
                                    LinkKind.Dummy _,
                                    LinkKind.Ifb _,
                                    LinkKind.Existing _ -> Optional.empty();
                        }));
        obstacles.put(ref, found);
        return found;
    }

    /** A link that is there does not need its parent to be planned for: if that went, it went with it. */
    private Optional<String> withoutParent(ObjectRef ref, LinkKind.OnParent link) {
        ObjectRef parent = new ObjectRef(NamespaceRef.HOST, new KernelKey.OfLink(link.parent()));
        if (foundLink(ref).isPresent()
                || foundLink(parent).isPresent()
                || observed.in(NamespaceRef.HOST).isEmpty()) {
            return obstacle(parent);
        }
        boolean isMade = wantedLink(parent)
                .filter(wanted -> !(wanted.kind() instanceof LinkKind.Existing))
                .isPresent();
        return isMade ? obstacle(parent) : Optional.of(parentMissing(link.parent()));
    }

    private static String parentMissing(InterfaceName parent) {
        return "the requested parent interface " + parent + " was not found on this host: create or attach it";
    }

    private Optional<String> foreign(ObjectRef ref) {
        Optional<ObservedLink> found = foundLink(ref);
        return wantedLink(ref)
                .filter(wanted -> found.isPresent())
                .flatMap(wanted -> LinkDiff.of(wanted, found.orElseThrow()) instanceof LinkDiff.Foreign(String problem)
                        ? Optional.of(problem)
                        : Optional.empty());
    }

    private void findLeaving(ObjectRef ref) {
        Optional<ObservedLink> found = foundLink(ref);
        if (found.isEmpty() || foreign(ref).isPresent()) {
            return;
        }
        Optional<LinkSpec> wanted = wantedLink(ref);
        if (wanted.isPresent()) {
            boolean replace = LinkDiff.of(wanted.get(), found.get()) instanceof LinkDiff.Replace;
            if (replace || hasLostItsEnd(wanted.get())) {
                leaving.add(ref);
            }
        } else if (removals == Removals.ALLOWED && found.get().owner() == ObservedLink.Owner.WEFT) {
            leaving.add(ref);
        }
    }

    /** The end of a pair goes with the other, in whatever namespace it is. */
    private void addEndsOfLeaving(List<ObjectRef> links) {
        Set<String> marks = new HashSet<>();
        for (ObjectRef ref : leaving) {
            foundLink(ref).map(ObservedLink::alias).filter(Names::isMark).ifPresent(marks::add);
        }
        for (ObjectRef ref : links) {
            foundLink(ref)
                    .filter(found -> found.owner() == ObservedLink.Owner.WEFT)
                    .filter(found -> found.kindName().equals("veth") && marks.contains(found.alias()))
                    .ifPresent(found -> leaving.add(ref));
        }
        for (ObjectRef ref : links) {
            // An end whose pair is to be made anew may not carry its mark yet, if the daemon died half way.
            if (wantedLink(ref).map(LinkSpec::kind).orElse(null) instanceof LinkKind.VethSandbox(InterfaceName hostEnd)
                    && leaving.contains(new ObjectRef(NamespaceRef.HOST, new KernelKey.OfLink(hostEnd)))
                    && foreign(ref).isEmpty()) {
                leaving.add(ref);
            }
        }
    }

    /** Whether this is a host's end whose other end is not, or not properly, in the sandbox that was looked at. */
    private boolean hasLostItsEnd(LinkSpec wanted) {
        if (!(wanted.kind() instanceof LinkKind.VethHost end)) {
            return false;
        }
        NamespaceRef inside = NamespaceRef.sandbox(end.sandboxId());
        ObjectRef other = new ObjectRef(inside, new KernelKey.OfLink(end.peerName()));
        if (observed.in(inside).isEmpty()) {
            return false;
        }
        Optional<LinkSpec> otherWanted = wantedLink(other);
        Optional<ObservedLink> otherFound = foundLink(other);
        return otherWanted.isPresent()
                && otherFound
                        .map(found -> LinkDiff.of(otherWanted.get(), found) instanceof LinkDiff.Replace)
                        .orElse(true);
    }

    private void planObject(ObjectRef ref) {
        Optional<KernelObject> wanted = desired.get(ref);
        Optional<KernelObject> found = observed.get(ref).filter(object -> !isOnLeavingLink(ref, object));
        switch (ref.key()) {
            case KernelKey.OfLink _ -> planLink(ref);
            case KernelKey.OfTable _, KernelObject.FirewallElement _ -> {} // one transaction for all of them
            case KernelKey.OfNamespace _,
                    KernelKey.OfFiles _,
                    KernelKey.OfSysctl _,
                    KernelKey.OfTunnelEntry _,
                    KernelKey.OfNeighbor _,
                    KernelKey.OfRoute _,
                    KernelKey.OfQdisc _,
                    KernelKey.OfDiversion _,
                    KernelKey.OfResolver _,
                    KernelObject.LinkAddress _,
                    KernelObject.HostPort _,
                    KernelObject.FloodEntry _,
                    KernelObject.PortEntry _ -> {
                if (wanted.isPresent() && !wanted.equals(found) && !isOnBlockedLink(ref, wanted.get())) {
                    found.ifPresent(object -> removeBeforeChange(ref, object));
                    step(ref, ObjectOperations.addition(wanted.get()));
                } else if (wanted.isEmpty() && removals == Removals.ALLOWED) {
                    observed.get(ref)
                            .filter(object -> !goesWithItsLink(ref, object))
                            .flatMap(ObjectOperations::removal)
                            .ifPresent(removal -> step(ref, removal));
                }
            }
        }
    }

    private void planLink(ObjectRef ref) {
        Optional<LinkSpec> wanted = wantedLink(ref);
        if (obstacle(ref).isPresent()) {
            return;
        }
        if (leaving.contains(ref)) {
            foundLink(ref).ifPresent(found -> deleteLink(ref, found, wanted.isPresent()));
        }
        if (wanted.isEmpty()) {
            return;
        }
        LinkSpec link = wanted.get();
        Optional<ObservedLink> found = foundLink(ref).filter(there -> !leaving.contains(ref));
        if (found.isEmpty()) {
            createLink(ref, link);
            return;
        }
        ObservedLink effective = found.get()
                .master()
                .filter(master -> leaving.contains(new ObjectRef(ref.namespace(), new KernelKey.OfLink(master))))
                .map(_ -> found.get().withMaster(Optional.empty(), Optional.empty()))
                .orElse(found.get());
        if (LinkDiff.of(link, effective) instanceof LinkDiff.Changes(var changes) && !changes.isEmpty()) {
            step(ref, new Operation.ChangeLink(link.name(), changes));
        }
        boolean isOurs = effective.owner() == ObservedLink.Owner.WEFT || link.kind() instanceof LinkKind.Loopback;
        if (isOurs && effective.state() == ObservedLink.AdminState.DOWN) {
            step(ref, new Operation.BringUp(link.name()));
        }
    }

    private void createLink(ObjectRef ref, LinkSpec link) {
        switch (link.kind()) {
            case LinkKind.Bridge _,
                    LinkKind.Vxlan _,
                    LinkKind.VethHost _,
                    LinkKind.OnParent _,
                    LinkKind.Dummy _,
                    LinkKind.Ifb _ -> step(ref, new Operation.CreateLink(link));
            case LinkKind.Existing _ -> {
                conflicts.add(new Conflict(ref, parentMissing(link.name())));
                return;
            }
            case LinkKind.VethSandbox _ -> {} // born with the host's end
            case LinkKind.Loopback _ -> {
                conflicts.add(new Conflict(ref, "the namespace has no link " + link.name()));
                return;
            }
        }
        step(ref, new Operation.ChangeLink(link.name(), LinkDiff.afterCreation(link)));
        step(ref, new Operation.BringUp(link.name()));
    }

    private void deleteLink(ObjectRef ref, ObservedLink found, boolean madeAnew) {
        boolean goesWithHostEnd =
                found.kindName().equals("veth") && !ref.namespace().equals(NamespaceRef.HOST) && hostEndLeaves(found);
        if (!goesWithHostEnd) {
            // What others stand on goes after them.
            boolean port = !Set.of("bridge", "vlan", "dummy", "ifb").contains(found.kindName());
            step(ref, new Operation.DeleteLink(found.name(), madeAnew || port ? Phase.DETACH : Phase.REMOVE_LINK));
        }
    }

    private boolean hostEndLeaves(ObservedLink end) {
        return leaving.stream()
                .filter(ref -> ref.namespace().equals(NamespaceRef.HOST))
                .flatMap(ref -> foundLink(ref).stream())
                .anyMatch(host ->
                        Names.isMark(host.alias()) && (host.alias().equals(end.alias()) || !Names.isMark(end.alias())));
    }

    /** Most objects are replaced in place; these cannot be. */
    private void removeBeforeChange(ObjectRef ref, KernelObject found) {
        if (found instanceof KernelObject.Route || found instanceof KernelObject.SandboxNamespace) {
            ObjectOperations.removal(found).ifPresent(removal -> step(ref, removal));
        }
    }

    /** What only leads to a link that leaves stays behind it. */
    private boolean goesWithItsLink(ObjectRef ref, KernelObject object) {
        return linksOf(ref, object).findFirst().filter(leaving::contains).isPresent();
    }

    private boolean isOnLeavingLink(ObjectRef ref, KernelObject object) {
        return linksOf(ref, object).anyMatch(leaving::contains);
    }

    private boolean isOnBlockedLink(ObjectRef ref, KernelObject object) {
        return linksOf(ref, object).anyMatch(link -> obstacle(link).isPresent());
    }

    private static Stream<ObjectRef> linksOf(ObjectRef ref, KernelObject object) {
        return object.links().stream().map(link -> new ObjectRef(ref.namespace(), new KernelKey.OfLink(link)));
    }

    /** What names a link that is somebody else's must not be said of it. */
    private boolean isAboutBlockedLink(KernelObject.FirewallElement element) {
        return element.about()
                .flatMap(link -> obstacle(new ObjectRef(NamespaceRef.HOST, new KernelKey.OfLink(link))))
                .isPresent();
    }

    private Optional<LinkSpec> wantedLink(ObjectRef ref) {
        return desired.get(ref).filter(LinkSpec.class::isInstance).map(LinkSpec.class::cast);
    }

    private Optional<ObservedLink> foundLink(ObjectRef ref) {
        return observed.get(ref).filter(ObservedLink.class::isInstance).map(ObservedLink.class::cast);
    }

    private void step(ObjectRef ref, Operation operation) {
        steps.add(new Step(ref.namespace(), operation));
    }
}
