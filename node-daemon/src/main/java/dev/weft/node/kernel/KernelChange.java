package dev.weft.node.kernel;

import dev.weft.net.InterfaceName;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Something that happened in a namespace, by whomever. */
public sealed interface KernelChange {

    /** The object exists, as it is here. */
    record Present(KernelObject object) implements KernelChange {}

    record Gone(KernelKey key) implements KernelChange {}

    /**
     * Something changed among a link and what is on it; what it was, only reading them back can tell.
     *
     * @param index the kernel's number for the link
     * @param name of the link when it changed, if that is known
     */
    record LookAtLink(int index, Optional<InterfaceName> name, Set<ObjectKind> kinds) implements KernelChange {

        public LookAtLink {
            kinds = Set.copyOf(kinds);
        }
    }

    /** Something changed among objects of these kinds; what it was, only reading them back can tell. */
    record LookAgain(Set<ObjectKind> kinds) implements KernelChange {

        /** For when notifications were lost. */
        public static final LookAgain AT_ALL = new LookAgain(EnumSet.allOf(ObjectKind.class));

        public LookAgain {
            kinds = Set.copyOf(kinds);
        }
    }
}
