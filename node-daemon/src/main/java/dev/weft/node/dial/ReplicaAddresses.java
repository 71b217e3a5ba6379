package dev.weft.node.dial;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the control plane's replicas listen, in the order in which a channel tries them. A channel has one connection,
 * so everything that this node asks goes to the replica that has its stream; when that is gone, the next in the order
 * is dialled, and calls that had not left wait for it instead of failing.
 *
 * <p>Put into a channel's builder as {@link #ARGUMENT} beside the target {@link #TARGET}.
 */
public final class ReplicaAddresses {

    /** What a channel to the replicas is built for. */
    public static final String TARGET = "weft-replicas:///control-plane";

    /** Tells a channel its addresses. */
    public static final NameResolver.Args.Key<ReplicaAddresses> ARGUMENT =
            NameResolver.Args.Key.create("weft-replicas");

    static {
        NameResolverRegistry.getDefaultRegistry().register(new Provider());
    }

    private final List<InetSocketAddress> replicas;
    private final AtomicInteger first;

    /**
     * @param replicas at least one; names are looked up anew for each connection
     * @param node nodes of different names begin with different replicas, so that they spread
     */
    public ReplicaAddresses(List<InetSocketAddress> replicas, String node) {
        if (replicas.isEmpty()) {
            throw new IllegalArgumentException("the control plane has at least one address");
        }
        this.replicas = List.copyOf(replicas);
        this.first = new AtomicInteger(Math.floorMod(node.hashCode(), replicas.size()));
    }

    /** From now on the next one is tried first. */
    public void rotate() {
        first.updateAndGet(index -> (index + 1) % replicas.size());
    }

    public int count() {
        return replicas.size();
    }

    List<InetSocketAddress> inOrder() {
        int begin = first.get();
        return IntStream.range(0, replicas.size())
                .mapToObj(step -> replicas.get((begin + step) % replicas.size()))
                .toList();
    }

    @Override
    public String toString() {
        return replicas.stream().map(ReplicaAddresses::text).collect(Collectors.joining(", "));
    }

    private static String text(InetSocketAddress replica) {
        String host = replica.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + replica.getPort();
    }

    /** Looks the names up. One that is unknown does not keep the others from being tried. */
    private StatusOr<List<EquivalentAddressGroup>> lookUp() {
        List<EquivalentAddressGroup> groups = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (InetSocketAddress replica : inOrder()) {
            try {
                List<SocketAddress> addresses = Arrays.stream(InetAddress.getAllByName(replica.getHostString()))
                        .<SocketAddress>map(address -> new InetSocketAddress(address, replica.getPort()))
                        .toList();
                groups.add(new EquivalentAddressGroup(
                        addresses,
                        Attributes.newBuilder()
                                .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, text(replica))
                                .build()));
            } catch (UnknownHostException e) {
                unknown.add(replica.getHostString());
            }
        }
        return groups.isEmpty()
                ? StatusOr.fromStatus(
                        Status.UNAVAILABLE.withDescription("no address is known for " + String.join(", ", unknown)))
                : StatusOr.fromValue(groups);
    }

    /** For one connection's life: a channel asks for another each time it begins to dial again after it was idle. */
    private static final class Resolver extends NameResolver {

        private final ReplicaAddresses replicas;
        private final Executor executor;
        private @Nullable Listener2 listener;

        Resolver(ReplicaAddresses replicas, Executor executor) {
            this.replicas = replicas;
            this.executor = executor;
        }

        @Override
        public String getServiceAuthority() {
            return text(replicas.replicas.getFirst());
        }

        @Override
        public void start(Listener2 to) {
            listener = to;
            refresh();
        }

        @Override
        public void refresh() {
            Listener2 to = Objects.requireNonNull(listener, "start comes first");
            // Looking up a name may take long.
            executor.execute(() -> to.onResult(ResolutionResult.newBuilder()
                    .setAddressesOrError(replicas.lookUp())
                    .build()));
        }

        @Override
        public void shutdown() {}
    }

    private static final class Provider extends NameResolverProvider {

        @Override
        public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args arguments) {
            ReplicaAddresses replicas = arguments.getArg(ARGUMENT);
            Executor executor = arguments.getOffloadExecutor();
            return replicas == null || executor == null ? null : new Resolver(replicas, executor);
        }

        @Override
        public String getDefaultScheme() {
            return URI.create(TARGET).getScheme();
        }

        @Override
        public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
            return Set.of(InetSocketAddress.class);
        }

        @Override
        protected boolean isAvailable() {
            return true;
        }

        /** Below DNS, which is what a target without a scheme means. */
        @Override
        protected int priority() {
            return 4;
        }
    }
}
