package dev.weft.node.reconcile;

import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.KernelChange;
import dev.weft.node.kernel.ObjectKind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * What of a namespace is to be read back: whole kinds of objects, and single links with what is on them. Grows as it is
 * told of more; used by one thread at a time.
 */
final class Looks {

    /** More links than so many are not asked for one by one. */
    private static final int MOST_LINKS = 256;

    private final Set<ObjectKind> whole = EnumSet.noneOf(ObjectKind.class);
    private final Set<ObjectKind> onLinks = EnumSet.noneOf(ObjectKind.class);
    private final Set<Integer> indexes = new HashSet<>();
    private final Set<InterfaceName> names = new HashSet<>();

    void add(Set<ObjectKind> kinds) {
        whole.addAll(kinds);
        settle();
    }

    void add(KernelChange.LookAtLink link) {
        indexes.add(link.index());
        link.name().ifPresent(names::add);
        onLinks.addAll(link.kinds());
        settle();
    }

    void addAll(Looks others) {
        whole.addAll(others.whole);
        onLinks.addAll(others.onLinks);
        indexes.addAll(others.indexes);
        names.addAll(others.names);
        settle();
    }

    private void settle() {
        if (indexes.size() > MOST_LINKS) {
            whole.add(ObjectKind.LINK);
            whole.addAll(onLinks);
        }
        if (whole.contains(ObjectKind.LINK) && whole.containsAll(onLinks)) {
            onLinks.clear();
            indexes.clear();
            names.clear();
        }
    }

    boolean isEmpty() {
        return whole.isEmpty() && indexes.isEmpty();
    }

    /** Kinds of which all objects are to be read. */
    Set<ObjectKind> whole() {
        return Collections.unmodifiableSet(whole);
    }

    /** The kernel's numbers of links to be read, which may be gone. */
    Set<Integer> indexes() {
        return Collections.unmodifiableSet(indexes);
    }

    /** Names that those links had, as far as they are known. */
    Set<InterfaceName> names() {
        return Collections.unmodifiableSet(names);
    }

    /** What to read of what is on the links, beside themselves. */
    Set<ObjectKind> onLinks() {
        return Collections.unmodifiableSet(onLinks);
    }
}
