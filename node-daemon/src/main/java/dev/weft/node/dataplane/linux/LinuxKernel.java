package dev.weft.node.dataplane.linux;

import dev.weft.net.InterfaceName;
import dev.weft.node.dataplane.nftables.Nftables;
import dev.weft.node.dataplane.nftables.NftablesException;
import dev.weft.node.dataplane.nftables.WeftTable;
import dev.weft.node.dataplane.rtnetlink.Conntrack;
import dev.weft.node.dataplane.rtnetlink.NetlinkMonitor;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.Result;
import dev.weft.node.kernel.Kernel;
import dev.weft.node.kernel.KernelException;
import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.KernelObject.SandboxFiles;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.kernel.Operation;
import dev.weft.node.kernel.OperationResult;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.sandbox.SandboxFilesWriter;
import dev.weft.node.sandbox.SandboxNamespaces;
import dev.weft.node.sandbox.SandboxResolvers;
import dev.weft.node.sysctl.Sysctls;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Linux, as seen from the namespace in which this object was made: that is the host. Sandboxes' namespaces are opened by
 * operations, or found from an earlier run.
 */
public final class LinuxKernel implements Kernel {

    private static final Logger LOG = LoggerFactory.getLogger(LinuxKernel.class);

    private final SandboxNamespaces namespaces;
    private final SandboxFilesWriter files;
    private final Inside host;
    private final Nftables nftables;
    private final WeftTable firewall;
    private final HostPorts ports;
    private final StaleFlows flows;
    private final SandboxResolvers resolvers;
    private final OpenSandboxes sandboxes;
    private final Map<String, SandboxFiles> written = new HashMap<>();
    private Optional<Sysctls> hostSysctls = Optional.empty();
    private Optional<NetlinkMonitor> listening = Optional.empty();

    private LinuxKernel(
            SandboxNamespaces namespaces,
            SandboxFilesWriter files,
            SandboxResolvers resolvers,
            Inside host,
            Nftables nftables,
            WeftTable firewall,
            StaleFlows flows) {
        this.namespaces = namespaces;
        this.files = files;
        this.resolvers = resolvers;
        this.host = host;
        this.nftables = nftables;
        this.firewall = firewall;
        this.flows = flows;
        this.ports = new HostPorts(host.namespace());
        this.sandboxes =
                new OpenSandboxes(namespaces, resolvers, host.namespace().id());
    }

    /** Opens the calling thread's namespace as the host, and the managed namespaces that exist. */
    public static LinuxKernel open(SandboxNamespaces namespaces, SandboxFilesWriter files, SandboxResolvers resolvers) {
        Inside host = new Inside(NetworkNamespace.current(), Rtnetlink.open());
        // Before the namespaces are opened: libnftables waits with select(2), which takes no descriptor above 1023.
        Nftables nftables = Nftables.open();
        LinuxKernel kernel = new LinuxKernel(
                namespaces,
                files,
                resolvers,
                host,
                nftables,
                WeftTable.in(nftables),
                new StaleFlows(Conntrack.open(), host.rtnetlink()));
        kernel.sandboxes.adoptWhatIsLeft();
        return kernel;
    }

    @Override
    public Map<KernelKey, KernelObject> observe(
            NamespaceRef namespace, Set<ObjectKind> kinds, Collection<KernelKey.OfSysctl> sysctls) {
        return read(namespace, inside -> {
            List<KernelObject> found = new ArrayList<>(NamespaceReader.read(inside.rtnetlink(), kinds));
            if (kinds.contains(ObjectKind.SYSCTL)) {
                found.addAll(SysctlFiles.read(sysctlsOf(inside), sysctls));
            }
            switch (namespace) {
                case NamespaceRef.Host() -> addHostObjects(kinds, found);
                case NamespaceRef.Sandbox(String id) -> {
                    if (kinds.contains(ObjectKind.RESOLVER)) {
                        resolvers.serving(id).ifPresent(found::add);
                    }
                }
            }
            return found;
        });
    }

    @Override
    public Map<KernelKey, KernelObject> observeLinks(
            NamespaceRef namespace,
            Set<Integer> indexes,
            Set<InterfaceName> names,
            Set<ObjectKind> kinds,
            Collection<KernelKey.OfSysctl> sysctls) {
        List<LinkRef> links = Stream.concat(
                        indexes.stream().map(LinkRef::of), names.stream().map(LinkRef::of))
                .toList();
        return read(namespace, inside -> {
            List<KernelObject> found = new ArrayList<>(NamespaceReader.readLinks(inside.rtnetlink(), links, kinds));
            if (kinds.contains(ObjectKind.SYSCTL)) {
                found.addAll(SysctlFiles.read(sysctlsOf(inside), sysctls));
            }
            return found;
        });
    }

    private Map<KernelKey, KernelObject> read(NamespaceRef namespace, Function<Inside, List<KernelObject>> reading) {
        Inside inside = inside(namespace)
                .orElseThrow(() -> new KernelException(
                        "read " + namespace + ": it is not open", new IllegalStateException("no such namespace")));
        try {
            Map<KernelKey, KernelObject> byKey = new HashMap<>();
            reading.apply(inside).forEach(object -> byKey.put(object.key(), object));
            return byKey;
        } catch (NativeException | NftablesException e) {
            throw new KernelException("read " + namespace + ": " + e.getMessage(), e);
        }
    }

    private void addHostObjects(Set<ObjectKind> kinds, List<KernelObject> found) {
        if (kinds.contains(ObjectKind.NAMESPACE)) {
            found.addAll(sandboxes.present());
        }
        if (kinds.contains(ObjectKind.FILES)) {
            // Written anew once a run: what an earlier one wrote is replaced only where it differs.
            for (String id : files.list()) {
                SandboxFiles known = written.get(id);
                found.add(known == null ? new SandboxFiles(id, "", List.of()) : known);
            }
        }
        if (kinds.contains(ObjectKind.PORT)) {
            found.addAll(ports.held());
        }
        if (kinds.contains(ObjectKind.NFT)) {
            found.addAll(firewall.read());
        }
    }

    @Override
    public List<OperationResult> execute(NamespaceRef namespace, List<Operation> operations) {
        Optional<Inside> inside = inside(namespace);
        if (inside.isEmpty()) {
            return operations.stream()
                    .<OperationResult>map(operation -> new OperationResult.Failed(namespace + " is not open"))
                    .toList();
        }
        List<OperationResult> results = new ArrayList<>();
        int next = 0;
        while (next < operations.size()) {
            int end = next + 1;
            while (end < operations.size() && route(operations.get(end)) == route(operations.get(next))) {
                end++;
            }
            List<Operation> run = operations.subList(next, end);
            switch (route(run.getFirst())) {
                case NETLINK -> results.addAll(netlink(inside.get(), run));
                case HOST_NETLINK -> results.addAll(netlink(host, run));
                case SYSCTL -> results.addAll(sysctls(inside.get(), run));
                case OTHER -> run.forEach(operation -> results.add(other(operation)));
            }
            next = end;
        }
        return results;
    }

    /** Operations of one route that follow each other go out in one batch. */
    private enum Route {
        NETLINK,
        /** The host's socket: a link's parent is there, though the link is born elsewhere. */
        HOST_NETLINK,
        SYSCTL,
        OTHER
    }

    private static Route route(Operation operation) {
        return switch (operation) {
            case Operation.Put(KernelObject.HostPort _, var _), Operation.Remove(KernelObject.HostPort _, var _) ->
                Route.OTHER;
            case Operation.CreateLink(LinkSpec link) ->
                link.kind() instanceof LinkKind.SharedWire ? Route.HOST_NETLINK : Route.NETLINK;
            case Operation.ChangeLink _,
                    Operation.BringUp _,
                    Operation.DeleteLink _,
                    Operation.Put _,
                    Operation.Remove _ -> Route.NETLINK;
            case Operation.SetSysctl _ -> Route.SYSCTL;
            case Operation.OpenNamespace _,
                    Operation.RemoveNamespace _,
                    Operation.WriteFiles _,
                    Operation.RemoveFiles _,
                    Operation.ServeNames _,
                    Operation.StopNames _,
                    Operation.ChangeFirewall _ -> Route.OTHER;
        };
    }

    private List<OperationResult> netlink(Inside inside, List<Operation> operations) {
        List<Request> requests = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        List<Optional<String>> problems = new ArrayList<>();
        for (Operation operation : operations) {
            Optional<String> problem = Optional.empty();
            try {
                requests.addAll(Requests.of(operation, sandboxes::namespace));
            } catch (KernelException e) {
                problem = Optional.of(String.valueOf(e.getMessage()));
            }
            ends.add(requests.size());
            problems.add(problem);
        }
        List<Result> results =
                requests.isEmpty() ? List.of() : inside.rtnetlink().execute(requests);
        List<OperationResult> answers = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < operations.size(); i++) {
            Optional<String> failure = problems.get(i);
            for (Result result : results.subList(start, ends.get(i))) {
                failure = failure.or(() -> result.failure().map(error -> error.message()));
            }
            answers.add(
                    failure.<OperationResult>map(OperationResult.Failed::new).orElse(OperationResult.DONE));
            start = ends.get(i);
        }
        return answers;
    }

    private List<OperationResult> sysctls(Inside inside, List<Operation> operations) {
        List<KernelObject.Sysctl> settings = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation instanceof Operation.SetSysctl(var sysctl, var _)) {
                settings.add(sysctl);
            }
        }
        return SysctlFiles.write(sysctlsOf(inside), settings).stream()
                .map(problem -> problem.<OperationResult>map(OperationResult.Failed::new)
                        .orElse(OperationResult.DONE))
                .toList();
    }

    /** The host's own are at hand when the calling thread is there, as the daemon's threads are. */
    private Sysctls sysctlsOf(Inside inside) {
        if (inside != host) {
            return new Sysctls(inside.namespace());
        }
        if (hostSysctls.isEmpty()) {
            try (NetworkNamespace here = NetworkNamespace.current()) {
                hostSysctls = Optional.of(
                        here.id().equals(host.namespace().id())
                                ? Sysctls.ofCallingThread()
                                : new Sysctls(host.namespace()));
            }
        }
        return hostSysctls.get();
    }

    private OperationResult other(Operation operation) {
        return switch (operation) {
            case Operation.OpenNamespace(var sandbox) -> attempt(() -> sandboxes.open(sandbox));
            case Operation.RemoveNamespace(var sandbox) -> attempt(() -> sandboxes.remove(sandbox));
            case Operation.WriteFiles(var wanted) ->
                attempt(() -> {
                    files.write(wanted, Optional.ofNullable(written.get(wanted.sandboxId())));
                    written.put(wanted.sandboxId(), wanted);
                    return OperationResult.DONE;
                });
            case Operation.RemoveFiles(String id) -> attempt(() -> removeFiles(id));
            case Operation.Put(KernelObject.HostPort port, var _) -> attempt(() -> ports.hold(port));
            case Operation.Remove(KernelObject.HostPort port, var _) -> attempt(() -> ports.release(port));
            case Operation.ServeNames(var wanted) ->
                attempt(() -> {
                    resolvers.serve(wanted, sandboxes.namespace(wanted.sandboxId()));
                    return OperationResult.DONE;
                });
            case Operation.StopNames(var unwanted) ->
                attempt(() -> {
                    resolvers.stop(unwanted.sandboxId());
                    return OperationResult.DONE;
                });
            case Operation.ChangeFirewall change ->
                attempt(() -> {
                    firewall.apply(change);
                    flows.endAfter(change);
                    return OperationResult.DONE;
                });
            case Operation.CreateLink _,
                    Operation.ChangeLink _,
                    Operation.BringUp _,
                    Operation.DeleteLink _,
                    Operation.Put _,
                    Operation.Remove _,
                    Operation.SetSysctl _ -> throw new IllegalArgumentException(operation + " has another route");
        };
    }

    @Override
    public void settled() {
        flows.compareOnce(firewall::read);
    }

    private static OperationResult attempt(Supplier<OperationResult> work) {
        try {
            return work.get();
        } catch (NativeException | NftablesException | UncheckedIOException e) {
            String cause = e instanceof UncheckedIOException io ? ": " + io.getCause() : "";
            return new OperationResult.Failed(e.getMessage() + cause);
        }
    }

    private OperationResult removeFiles(String sandboxId) {
        // Of a sandbox in the host's namespace nothing else says when its processes are gone.
        Optional<String> unfinished = namespaces.endProcesses(sandboxId, Optional.empty());
        if (unfinished.isPresent()) {
            return new OperationResult.Unfinished(unfinished.get());
        }
        files.remove(sandboxId);
        written.remove(sandboxId);
        return OperationResult.DONE;
    }

    private Optional<Inside> inside(NamespaceRef namespace) {
        return switch (namespace) {
            case NamespaceRef.Host() -> Optional.of(host);
            case NamespaceRef.Sandbox(String id) -> sandboxes.inside(id);
        };
    }

    @Override
    public void listen(Listener listener) {
        if (listening.isPresent()) {
            throw new IllegalStateException("somebody listens already");
        }
        NetlinkMonitor monitor = NetlinkMonitor.start(
                host.namespace(),
                new NetlinkMonitor.OwnPorts(isPortOf(host), nftables::speaksBy),
                event -> listener.changed(NamespaceRef.HOST, Changes.of(event)));
        listening = Optional.of(monitor);
        sandboxes.watch((id, inside) -> {
            NamespaceRef ref = NamespaceRef.sandbox(id);
            return monitor.add(inside.namespace(), isPortOf(inside), event -> listener.changed(ref, Changes.of(event)));
        });
    }

    private static IntPredicate isPortOf(Inside inside) {
        int own = inside.rtnetlink().port();
        return port -> port == own;
    }

    /** Lets go of everything; the kernel's state stays as it is. */
    @Override
    public void close() {
        sandboxes.close();
        listening.ifPresent(NetlinkMonitor::close);
        nftables.close();
        flows.close();
        ports.close();
        host.close();
        LOG.debug("closed; the datapath stays as it is");
    }
}
