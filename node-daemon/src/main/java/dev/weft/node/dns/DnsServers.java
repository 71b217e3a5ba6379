package dev.weft.node.dns;

import dev.weft.node.kernel.KernelObject.Resolver;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.names.NameDirectory;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.sandbox.ResolvConf;
import dev.weft.node.sandbox.SandboxResolvers;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The name servers of all sandboxes of the node. One thread, an event loop, serves them all and holds the directory of
 * names; another opens sockets in sandboxes' namespaces.
 *
 * <p>Names come from the rows that the daemon holds, be they from the control plane or from the checkpoint: while the
 * control plane is away answers may be old, but names do not vanish.
 */
public final class DnsServers implements SandboxResolvers, AutoCloseable {

    private final MultiThreadIoEventLoopGroup group;
    private final SingleThreadEventLoop loop;
    private final ExecutorService opener;
    private final NameDirectory directory = new NameDirectory();
    private final LocalAnswers answers = new LocalAnswers(directory, RandomGenerator.getDefault());
    private final HostResolvConf hostResolvConf;
    private final AtomicInteger forwarding = new AtomicInteger();
    private final QueryObserver observer;

    /** Of the thread that starts and stops servers. */
    private final Map<String, Running> running = new HashMap<>();

    private record Running(SandboxServer server, NetworkNamespace namespace) {}

    /** With nobody who counts. */
    public DnsServers(Path hostResolvConf, InstantSource clock) {
        this(hostResolvConf, clock, QueryObserver.NONE);
    }

    /**
     * @param hostResolvConf names the servers that are asked when a sandbox has none of its own
     * @param observer learns of each answer
     */
    public DnsServers(Path hostResolvConf, InstantSource clock, QueryObserver observer) {
        this.observer = observer;
        // Platform threads both: one is in selectors, the other in native calls.
        this.group = new MultiThreadIoEventLoopGroup(
                1, Thread.ofPlatform().name("names").daemon().factory(), NioIoHandler.newFactory());
        this.loop = (SingleThreadEventLoop) group.next();
        this.opener = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("names-sockets").daemon().factory());
        this.hostResolvConf = new HostResolvConf(hostResolvConf, clock);
    }

    /** Takes all rows as they are now. */
    public void replace(Map<RowKey, Row> rows) {
        loop.execute(() -> directory.replace(rows));
    }

    /**
     * Takes changes of rows.
     *
     * @param rows all of them, as they are now
     */
    public void update(Map<RowKey, Row> rows, Set<RowKey> changed) {
        loop.execute(() -> directory.update(rows, changed));
    }

    @Override
    public void serve(Resolver resolver, NetworkNamespace namespace) {
        Running known = running.get(resolver.sandboxId());
        if (known != null) {
            known.server().change(resolver);
            return;
        }
        // A handle of its own: sockets towards upstream servers are opened when they are needed.
        NetworkNamespace held = NetworkNamespace.open(
                Path.of("/proc/self/fd/" + namespace.descriptor().number()));
        try {
            SandboxServer server = SandboxServer.start(this, resolver, held, new SocketFactory(held, opener));
            running.put(resolver.sandboxId(), new Running(server, held));
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    @Override
    public void stop(String sandboxId) {
        Running stopped = running.remove(sandboxId);
        if (stopped != null) {
            stopped.server().stop();
            // Behind whatever is still to be opened through it.
            opener.execute(() -> stopped.namespace().close());
        }
    }

    @Override
    public Optional<Resolver> serving(String sandboxId) {
        return Optional.ofNullable(running.get(sandboxId)).map(Running::server).map(SandboxServer::resolver);
    }

    SingleThreadEventLoop loop() {
        return loop;
    }

    QueryObserver observer() {
        return observer;
    }

    LocalAnswers answers() {
        return answers;
    }

    /** Queries on their way to upstream servers, of all sandboxes. */
    AtomicInteger forwarding() {
        return forwarding;
    }

    ResolvConf hostResolvConf() {
        return hostResolvConf.content();
    }

    /** Ends all servers. To be called when nobody starts any more. */
    @Override
    public void close() {
        Set.copyOf(running.keySet()).forEach(this::stop);
        // First what hands work to the loop, then the loop.
        opener.close();
        var unusedTermination = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
