package dev.weft.controlplane.distribution;

import static dev.weft.controlplane.state.Fixtures.THEN;
import static dev.weft.controlplane.state.Fixtures.nodeName;
import static dev.weft.controlplane.state.Fixtures.sandboxId;

import dev.weft.api.v1.AuditPortsReply;
import dev.weft.api.v1.AuditPortsRequest;
import dev.weft.api.v1.PortAuditServiceGrpc;
import dev.weft.controlplane.audit.DialBackAudits;
import dev.weft.controlplane.cluster.LoneReplica;
import dev.weft.controlplane.cluster.NodeRoutes;
import dev.weft.controlplane.cluster.Replica;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.exec.DialBackExecRelay;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ReplicatedClusterState;
import dev.weft.controlplane.status.InMemoryStatusBoard;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.testing.UncheckedCallers;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Everything between a store and the nodes' streams, served on loopback; writes entities straight into the store. */
public final class NodeStreams implements AutoCloseable {

    private final Store store;
    private final ReplicatedClusterState state;
    private final InMemoryStatusBoard board;
    private final NodeDistribution distribution;
    private final DialBackExecRelay execs;
    private final DialBackAudits audits;
    private final Server server;

    public NodeStreams(Store store, Function<DialBackExecRelay, BindableService> clientApi) throws IOException {
        this.store = store;
        this.state = new ReplicatedClusterState(store);
        this.board =
                new InMemoryStatusBoard(state, new LoneReplica(new Replica("test", "127.0.0.1:1")), Clock.systemUTC());
        this.distribution = new NodeDistribution(board, Duration.ofMillis(50));
        this.execs = new DialBackExecRelay(distribution, NodeRoutes.NONE);
        this.audits = new DialBackAudits(distribution, NodeRoutes.NONE);
        state.subscribe(board);
        state.subscribe(distribution);
        state.start();
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .intercept(new UncheckedCallers())
                .addService(new NodeSyncService((name, facts, _) -> register(name, facts), distribution, execs, audits))
                .addService(clientApi.apply(execs))
                .addService(new AuditApi())
                .build()
                .start();
    }

    /** Asks for the ports of the sandbox "on-NODE" of each node that is named, joined by commas. */
    private final class AuditApi extends PortAuditServiceGrpc.PortAuditServiceImplBase {

        @Override
        public void auditPorts(AuditPortsRequest request, StreamObserver<AuditPortsReply> replies) {
            Map<NodeName, List<SandboxId>> wanted = new TreeMap<>();
            for (String node : request.getNode().split(",", -1)) {
                wanted.put(nodeName(node), List.of(sandboxId("on-" + node)));
            }
            audits.start(request, wanted, (ServerCallStreamObserver<AuditPortsReply>) replies);
        }
    }

    public int port() {
        return server.getPort();
    }

    public ReplicatedClusterState state() {
        return state;
    }

    /** As a replica that has more nodes than others does. */
    public int sendAway(int most, Duration stay) {
        return distribution.sendAway(most, stay);
    }

    public InMemoryStatusBoard board() {
        return board;
    }

    /** Writes what is given, as one transaction, and returns its revision. */
    public long write(Object... entities) {
        Transaction.Builder transaction = Transaction.builder();
        Arrays.stream(entities).forEach(entity -> put(transaction, entity));
        return commit(transaction);
    }

    public long delete(Object... entities) {
        Transaction.Builder transaction = Transaction.builder();
        Arrays.stream(entities).forEach(entity -> transaction.delete(key(entity)));
        return commit(transaction);
    }

    /** A revision that concerns no node. */
    public long writeSomethingElse() {
        return commit(Transaction.builder().put(Keys.SPACE_EPOCH, com.google.protobuf.ByteString.EMPTY));
    }

    private Versioned<Node> register(NodeName name, Node.Facts facts) {
        Optional<Entry> before = store.get(Keys.node(name));
        long epoch = before.map(entry -> ModelCodec.NODE.decode(entry).value().epoch())
                        .orElse(0L)
                + 1;
        Node node = new Node(name, epoch, facts, THEN);
        return new Versioned<>(node, write(node));
    }

    private long commit(Transaction.Builder transaction) {
        return switch (store.commit(transaction.build())) {
            case CommitResult.Committed(var revision) -> revision;
            case CommitResult.Conflict() -> throw new AssertionError("nothing was compared");
        };
    }

    private static void put(Transaction.Builder transaction, Object entity) {
        switch (entity) {
            case Network network -> transaction.put(key(entity), ModelCodec.NETWORK.encode(network));
            case Sandbox sandbox -> transaction.put(key(entity), ModelCodec.SANDBOX.encode(sandbox));
            case Endpoint endpoint -> transaction.put(key(entity), ModelCodec.ENDPOINT.encode(endpoint));
            case Node node -> transaction.put(key(entity), ModelCodec.NODE.encode(node));
            default -> throw new AssertionError(entity);
        }
    }

    private static String key(Object entity) {
        return switch (entity) {
            case Network network -> Keys.network(network.id());
            case Sandbox sandbox -> Keys.sandbox(sandbox.id());
            case Endpoint endpoint -> Keys.endpoint(endpoint.id());
            case Node node -> Keys.node(node.name());
            default -> throw new AssertionError(entity);
        };
    }

    @Override
    public void close() {
        distribution.close();
        execs.close();
        audits.close();
        server.shutdownNow();
        state.close();
    }
}
