package dev.weft.node.dataplane.linux;

import dev.weft.node.dataplane.rtnetlink.NetlinkMonitor;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.kernel.Kernel;
import dev.weft.node.kernel.KernelException;
import dev.weft.node.kernel.KernelObject.SandboxNamespace;
import dev.weft.node.kernel.NamespaceOrigin;
import dev.weft.node.kernel.OperationResult;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NamespaceId;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.sandbox.SandboxNamespaces;
import dev.weft.node.sandbox.SandboxResolvers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The namespaces of sandboxes that are open, each with a handle on it. Changed by one thread: see {@link Kernel}. */
final class OpenSandboxes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenSandboxes.class);

    private final SandboxNamespaces namespaces;
    private final SandboxResolvers resolvers;
    private final NamespaceId host;
    private final Map<String, Open> open = new HashMap<>();
    private Optional<BiFunction<String, Inside, NetlinkMonitor.Watched>> watcher = Optional.empty();

    private record Open(SandboxNamespace sandbox, Inside inside, Optional<NetlinkMonitor.Watched> watched)
            implements AutoCloseable {

        NamespaceId id() {
            return inside.namespace().id();
        }

        @Override
        public void close() {
            watched.ifPresent(NetlinkMonitor.Watched::close);
            inside.close();
        }
    }

    OpenSandboxes(SandboxNamespaces namespaces, SandboxResolvers resolvers, NamespaceId host) {
        this.namespaces = namespaces;
        this.resolvers = resolvers;
        this.host = host;
    }

    /** Opens what an earlier run has left. */
    void adoptWhatIsLeft() {
        for (SandboxNamespace left : namespaces.left()) {
            try {
                if (open(left) instanceof OperationResult.Failed(String problem)) {
                    LOG.warn("{}", problem);
                }
            } catch (NativeException e) {
                // Its row, if there still is one, will say so.
                LOG.warn("sandbox {} is not taken over: {}", left.sandboxId(), e.getMessage());
            }
        }
    }

    /** From now on somebody hears of changes in the namespaces, those that are open already included. */
    void watch(BiFunction<String, Inside, NetlinkMonitor.Watched> by) {
        watcher = Optional.of(by);
        open.replaceAll((id, sandbox) ->
                new Open(sandbox.sandbox(), sandbox.inside(), Optional.of(by.apply(id, sandbox.inside()))));
    }

    /**
     * Those that are open and where they should be. Others' namespaces that are not there any more are let go: as long as
     * we held one, the kernel could not end it.
     */
    List<SandboxNamespace> present() {
        for (Open sandbox : List.copyOf(open.values())) {
            if (!namespaces.isStill(sandbox.sandbox(), sandbox.id())) {
                LOG.warn(
                        "the namespace of sandbox {} is not any more {}",
                        sandbox.sandbox().sandboxId(),
                        sandbox.sandbox().origin());
                letGo(sandbox.sandbox().sandboxId());
            }
        }
        return open.values().stream().map(Open::sandbox).toList();
    }

    Optional<Inside> inside(String sandboxId) {
        return Optional.ofNullable(open.get(sandboxId)).map(Open::inside);
    }

    /** @throws KernelException if it is not open */
    NetworkNamespace namespace(String sandboxId) {
        return inside(sandboxId)
                .orElseThrow(() -> new KernelException(
                        "the namespace of sandbox " + sandboxId + " is not open", new IllegalStateException()))
                .namespace();
    }

    OperationResult open(SandboxNamespace sandbox) {
        letGo(sandbox.sandboxId());
        NetworkNamespace namespace = namespaces.open(sandbox);
        try {
            Optional<String> owner = ownerOf(namespace);
            if (owner.isPresent()) {
                namespace.close();
                return new OperationResult.Failed(
                        "open network namespace (" + sandbox.origin() + "): it is " + owner.get());
            }
            namespaces.hold(sandbox, namespace);
            Inside inside = new Inside(namespace, Rtnetlink.open(namespace));
            open.put(
                    sandbox.sandboxId(),
                    new Open(sandbox, inside, watcher.map(by -> by.apply(sandbox.sandboxId(), inside))));
            return OperationResult.DONE;
        } catch (RuntimeException e) {
            namespace.close();
            throw e;
        }
    }

    /** Whose a namespace is that cannot be a sandbox's, and what to do; empty where it can. */
    private Optional<String> ownerOf(NetworkNamespace namespace) {
        if (namespace.id().equals(host)) {
            return Optional.of("the host's own: use the network host");
        }
        return open.values().stream()
                .filter(other -> other.id().equals(namespace.id()))
                .map(other -> "that of sandbox " + other.sandbox().sandboxId().substring(0, 12)
                        + " already: connect that one to more networks")
                .findFirst();
    }

    OperationResult remove(SandboxNamespace sandbox) {
        Optional<NamespaceId> own = sandbox.origin() instanceof NamespaceOrigin.Own
                ? Optional.ofNullable(open.get(sandbox.sandboxId())).map(Open::id)
                : Optional.empty();
        Optional<String> unfinished = namespaces.endProcesses(sandbox.sandboxId(), own);
        if (unfinished.isPresent()) {
            return new OperationResult.Unfinished(unfinished.get());
        }
        letGo(sandbox.sandboxId());
        namespaces.remove(sandbox);
        return OperationResult.DONE;
    }

    private void letGo(String sandboxId) {
        Open old = open.remove(sandboxId);
        if (old != null) {
            resolvers.stop(sandboxId);
            old.close();
        }
    }

    /** Lets go of all; they stay as they are. */
    @Override
    public void close() {
        open.values().forEach(Open::close);
        open.clear();
    }
}
