package dev.weft.node.kernel;

import dev.weft.net.InterfaceName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A kernel, as the reconciler uses it. All methods are called by one thread, but for {@link #observe} of sandboxes, which
 * several threads may call while that one waits for them.
 */
public interface Kernel extends AutoCloseable {

    /**
     * Reads a namespace back: all links, and of everything else what carries one of our marks. Links of others are in it
     * too, so that a name already taken is seen.
     *
     * @param kinds what to read
     * @param sysctls those to read, if sysctls are among the kinds; one that does not exist is left out of the answer
     * @throws KernelException if it cannot be read; then nothing may be concluded
     */
    Map<KernelKey, KernelObject> observe(
            NamespaceRef namespace, Set<ObjectKind> kinds, Collection<KernelKey.OfSysctl> sysctls);

    /**
     * Reads some links of a namespace back, and what is on them. Costs what these links cost, however many others there
     * are.
     *
     * @param indexes the kernel's numbers of links, which may be gone
     * @param names names of links, which may be free
     * @param kinds what to read beside the links themselves; only addresses, FDB entries, neighbors and sysctls
     * @param sysctls those to read
     * @return as of {@link #observe}: the links that exist, and what is on them
     * @throws KernelException if they cannot be read; then nothing may be concluded
     */
    Map<KernelKey, KernelObject> observeLinks(
            NamespaceRef namespace,
            Set<Integer> indexes,
            Set<InterfaceName> names,
            Set<ObjectKind> kinds,
            Collection<KernelKey.OfSysctl> sysctls);

    /**
     * Runs operations in their order. One that fails does not keep the next from being tried.
     *
     * @return a result for each, in the same order
     */
    List<OperationResult> execute(NamespaceRef namespace, List<Operation> operations);

    /**
     * Told after each pass from when all that the control plane wants has been gone through once: nothing that will be wanted
     * is missing now for not having been heard of, so that what is left over of former times may be ended.
     */
    default void settled() {}

    /**
     * Starts to tell of changes, the daemon's own included, from a thread of the kernel's side. To be called before the
     * first {@link #observe}, so that nothing falls in between.
     */
    void listen(Listener listener);

    @Override
    void close();

    /** Hears of changes. */
    interface Listener {
        /** Must return at once. */
        void changed(NamespaceRef namespace, KernelChange change);
    }
}
