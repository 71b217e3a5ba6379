package dev.weft.cli;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import dev.weft.api.v1.BackupReply;
import dev.weft.api.v1.BackupRequest;
import dev.weft.api.v1.BackupServiceGrpc;
import dev.weft.api.v1.BackupSummary;
import dev.weft.api.v1.Change;
import dev.weft.api.v1.ChangeServiceGrpc;
import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteEndpointRequest;
import dev.weft.api.v1.DeleteEndpointResponse;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.DeleteNetworkResponse;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.DeleteSandboxResponse;
import dev.weft.api.v1.DrainNodeRequest;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.EndpointServiceGrpc;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.api.v1.ExecStart;
import dev.weft.api.v1.ExecStarted;
import dev.weft.api.v1.GetNetworkRequest;
import dev.weft.api.v1.GetNodeRequest;
import dev.weft.api.v1.GetPublisherRequest;
import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.IpamServiceGrpc;
import dev.weft.api.v1.KernelFeature;
import dev.weft.api.v1.Leak;
import dev.weft.api.v1.ListAddressesRequest;
import dev.weft.api.v1.ListAddressesResponse;
import dev.weft.api.v1.ListLeaksRequest;
import dev.weft.api.v1.ListLeaksResponse;
import dev.weft.api.v1.ListNetworksRequest;
import dev.weft.api.v1.ListNetworksResponse;
import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.ListNodesResponse;
import dev.weft.api.v1.ListSandboxesRequest;
import dev.weft.api.v1.ListSandboxesResponse;
import dev.weft.api.v1.ListSubnetUseRequest;
import dev.weft.api.v1.ListSubnetUseResponse;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.NetworkAddress;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.NodeFacts;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.NodeStatus;
import dev.weft.api.v1.ObjectStatus;
import dev.weft.api.v1.PruneNetworksRequest;
import dev.weft.api.v1.PruneNetworksResponse;
import dev.weft.api.v1.Publisher;
import dev.weft.api.v1.RemoveNodeRequest;
import dev.weft.api.v1.RemoveNodeResponse;
import dev.weft.api.v1.RenameSandboxRequest;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.SandboxMode;
import dev.weft.api.v1.SandboxServiceGrpc;
import dev.weft.api.v1.Scope;
import dev.weft.api.v1.Subnet;
import dev.weft.api.v1.SubnetUse;
import dev.weft.api.v1.WatchRequest;
import dev.weft.api.v1.WatchResponse;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The API's services on a Unix socket, with answers that do not depend on what was asked before: two nodes, their networks,
 * one sandbox. Requests are kept for the test to look at.
 */
final class StubControlPlane implements AutoCloseable {

    static final String MYNET_ID = "05f28107caa4fc699ea71c07a0cb7a17f6be8ee65f6001ed549da137e555b648";
    static final String SANDBOX_ID = "af588368c67b8a273cf63a330ee5191838f261de1f3e455de39352e0e95deac4";

    private static final Timestamp CREATED =
            Timestamp.newBuilder().setSeconds(1659431120).setNanos(250288712).build();

    private final Path socket;
    private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server server;
    private volatile boolean backupsBreak;
    private final Queue<com.google.protobuf.Message> requests = new ConcurrentLinkedQueue<>();

    private StubControlPlane(Path socket) throws IOException {
        this.socket = socket;
        this.server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(eventLoop)
                .workerEventLoopGroup(eventLoop)
                .addService(new Networks())
                .addService(new Sandboxes())
                .addService(new Endpoints())
                .addService(new Nodes())
                .addService(new Ipam())
                .addService(new Backups())
                .addService(new Changes())
                .addService(new Execs())
                .addService(new StubTrust(requests))
                .build()
                .start();
    }

    static StubControlPlane start(Path socket) throws IOException {
        return new StubControlPlane(socket);
    }

    void breakBackups() {
        backupsBreak = true;
    }

    String host() {
        return "unix://" + socket;
    }

    /** The only request of this type. */
    <M extends com.google.protobuf.Message> M request(Class<M> type) {
        List<M> found =
                requests.stream().filter(type::isInstance).map(type::cast).toList();
        if (found.size() != 1) {
            throw new AssertionError("wanted one " + type.getSimpleName() + ", got " + requests);
        }
        return found.getFirst();
    }

    @Override
    public void close() {
        server.shutdownNow();
        eventLoop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    private <M> void answer(com.google.protobuf.Message request, StreamObserver<M> observer, M reply) {
        requests.add(request);
        observer.onNext(reply);
        observer.onCompleted();
    }

    private static StatusRuntimeException error(Code code, String reason, String message) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(message)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("weft.dev")
                        .setReason(reason)
                        .build()))
                .build());
    }

    private static StatusRuntimeException violations(String... fieldsAndTexts) {
        BadRequest.Builder details = BadRequest.newBuilder();
        for (int i = 0; i < fieldsAndTexts.length; i += 2) {
            details.addFieldViolationsBuilder().setField(fieldsAndTexts[i]).setDescription(fieldsAndTexts[i + 1]);
        }
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT_VALUE)
                .setMessage("invalid network")
                .addDetails(Any.pack(details.build()))
                .build());
    }

    private static StatusRuntimeException notFound(String kind, String reference) {
        return error(
                Code.NOT_FOUND,
                kind.toUpperCase(java.util.Locale.ROOT) + "_NOT_FOUND",
                kind + " " + reference + " not found");
    }

    private static Network.Builder network(String id, String name, String driver, String node) {
        return Network.newBuilder()
                .setId(id)
                .setName(name)
                .setDriver(driver)
                .setScope(node.isEmpty() ? Scope.SCOPE_GLOBAL : Scope.SCOPE_LOCAL)
                .setNode(node)
                .setEnableIpv4(true)
                .setCreateTime(CREATED);
    }

    private static Endpoint endpoint() {
        return Endpoint.newBuilder()
                .setId("ac85884c9058767b037b88102fe6c35fb65ebf91135fbce8df24a173b0defcaa")
                .setNetworkId(MYNET_ID)
                .setNetworkName("my-net")
                .setSandboxId(SANDBOX_ID)
                .setSandboxName("one")
                .setNode("h1")
                .setMacAddress("02:42:ac:12:00:02")
                .setIpv4Address("172.18.0.2/16")
                .setIpv4Gateway("172.18.0.1")
                .setInterfaceName("eth0")
                .setStatus(ObjectStatus.newBuilder().setState(ObjectStatus.State.READY))
                .build();
    }

    private static Network myNet() {
        return network(MYNET_ID, "my-net", "bridge", "h1")
                .addSubnets(Subnet.newBuilder().setCidr("172.18.0.0/16").setGateway("172.18.0.1"))
                .build();
    }

    private static Sandbox sandbox() {
        return Sandbox.newBuilder()
                .setId(SANDBOX_ID)
                .setName("one")
                .setNode("h1")
                .setMode(SandboxMode.SANDBOX_MODE_MANAGED)
                .setHostname("one")
                .setCreateTime(CREATED)
                .addEndpoints(endpoint())
                .setStatus(ObjectStatus.newBuilder().setState(ObjectStatus.State.READY))
                .setNetnsPath("/run/weft/netns/af588368c67b")
                .build();
    }

    private static Node node(String name, boolean connected) {
        return Node.newBuilder()
                .setName(name)
                .setEpoch(3)
                .setFacts(NodeFacts.newBuilder()
                        .setVtepAddress("192.0.2.11")
                        .setUnderlayMtu(1500)
                        .setKernel("6.18.44")
                        .addFeatures(
                                KernelFeature.newBuilder().setName("ipvlan").setDetail("EOPNOTSUPP")))
                .setStatus(NodeStatus.newBuilder()
                        .setConnected(connected)
                        .setDesiredRevision(12)
                        .setAppliedRevision(12)
                        .setSandboxes(1)
                        .setEndpoints(1))
                .build();
    }

    private final class Networks extends NetworkServiceGrpc.NetworkServiceImplBase {

        @Override
        public void createNetwork(CreateNetworkRequest request, StreamObserver<Network> observer) {
            if (request.getName().equals("bad name")) {
                observer.onError(violations(
                        "name", "must match [a-zA-Z0-9][a-zA-Z0-9_.-]*", "subnets[0].cidr", "host bits are set"));
                return;
            }
            answer(
                    request,
                    observer,
                    network(MYNET_ID, request.getName(), "bridge", "h1").build());
        }

        @Override
        public void getNetwork(GetNetworkRequest request, StreamObserver<Network> observer) {
            if (!request.getNetwork().equals("my-net")) {
                observer.onError(notFound("network", request.getNetwork()));
                return;
            }
            answer(
                    request,
                    observer,
                    myNet().toBuilder().addEndpoints(endpoint()).build());
        }

        @Override
        public void listNetworks(ListNetworksRequest request, StreamObserver<ListNetworksResponse> observer) {
            ListNetworksResponse.Builder page = ListNetworksResponse.newBuilder();
            if (request.getPageToken().isEmpty()) {
                page.addNetworks(network("b290cbb72d71".repeat(5), "none", "null", "h1"))
                        .addNetworks(network("da4b73de334b".repeat(5), "net10", "overlay", ""))
                        .addNetworks(network("6082a93edf28".repeat(5), "bridge", "bridge", "h1"))
                        .setNextPageToken("second");
            } else {
                page.addNetworks(network("5fb1286b07ba".repeat(5), "net9", "overlay", ""));
                if (request.getNode().isEmpty()) {
                    page.addNetworks(network("7082a93edf28".repeat(5), "bridge", "bridge", "h2"));
                }
            }
            answer(request, observer, page.build());
        }

        @Override
        public void deleteNetwork(DeleteNetworkRequest request, StreamObserver<DeleteNetworkResponse> observer) {
            if (request.getNetwork().equals("busy")) {
                observer.onError(error(
                        Code.FAILED_PRECONDITION,
                        "NETWORK_IN_USE",
                        "error while removing network: network busy has active endpoints (name:\"one\""
                                + " id:\"af588368c67b\")"));
            } else if (request.getNetwork().startsWith("nosuch")) {
                observer.onError(notFound("network", request.getNetwork()));
            } else {
                answer(request, observer, DeleteNetworkResponse.getDefaultInstance());
            }
        }

        @Override
        public void pruneNetworks(PruneNetworksRequest request, StreamObserver<PruneNetworksResponse> observer) {
            answer(
                    request,
                    observer,
                    PruneNetworksResponse.newBuilder()
                            .addDeleted(DeleteNetworkResponse.newBuilder().setName("my-net"))
                            .build());
        }
    }

    private final class Sandboxes extends SandboxServiceGrpc.SandboxServiceImplBase {

        @Override
        public void createSandbox(CreateSandboxRequest request, StreamObserver<Sandbox> observer) {
            if (request.getName().equals("doomed")) {
                observer.onError(error(
                        Code.FAILED_PRECONDITION,
                        "SANDBOX_FAILED",
                        "node h1: create veth: EPERM: Operation not permitted"));
                return;
            }
            answer(request, observer, sandbox());
        }

        @Override
        public void getSandbox(GetSandboxRequest request, StreamObserver<Sandbox> observer) {
            answer(request, observer, sandbox());
        }

        @Override
        public void listSandboxes(ListSandboxesRequest request, StreamObserver<ListSandboxesResponse> observer) {
            answer(
                    request,
                    observer,
                    ListSandboxesResponse.newBuilder().addSandboxes(sandbox()).build());
        }

        @Override
        public void renameSandbox(RenameSandboxRequest request, StreamObserver<Sandbox> observer) {
            answer(request, observer, sandbox());
        }

        @Override
        public void deleteSandbox(DeleteSandboxRequest request, StreamObserver<DeleteSandboxResponse> observer) {
            answer(request, observer, DeleteSandboxResponse.getDefaultInstance());
        }
    }

    private final class Endpoints extends EndpointServiceGrpc.EndpointServiceImplBase {

        @Override
        public void createEndpoint(CreateEndpointRequest request, StreamObserver<Endpoint> observer) {
            answer(request, observer, endpoint());
        }

        @Override
        public void deleteEndpoint(DeleteEndpointRequest request, StreamObserver<DeleteEndpointResponse> observer) {
            answer(request, observer, DeleteEndpointResponse.getDefaultInstance());
        }
    }

    private final class Nodes extends NodeServiceGrpc.NodeServiceImplBase {

        @Override
        public void getNode(GetNodeRequest request, StreamObserver<Node> observer) {
            answer(request, observer, node(request.getNode().isEmpty() ? "h1" : request.getNode(), true));
        }

        @Override
        public void drainNode(DrainNodeRequest request, StreamObserver<Node> observer) {
            answer(request, observer, node(request.getNode(), true));
        }

        @Override
        public void removeNode(RemoveNodeRequest request, StreamObserver<RemoveNodeResponse> observer) {
            if (request.getNode().equals("busy") && !request.getForce()) {
                observer.onError(error(
                        Code.FAILED_PRECONDITION,
                        "NODE_IN_USE",
                        "node busy cannot be removed: it has sandbox one; remove these first, or use --force"));
                return;
            }
            answer(
                    request,
                    observer,
                    RemoveNodeResponse.newBuilder()
                            .setSandboxes(request.getForce() ? 2 : 0)
                            .setEndpoints(request.getForce() ? 3 : 0)
                            .build());
        }

        @Override
        public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
            answer(
                    request,
                    observer,
                    ListNodesResponse.newBuilder()
                            .addNodes(node("h10", true))
                            .addNodes(node("h2", false).toBuilder().setDrainTime(CREATED))
                            .build());
        }
    }

    /** Two pieces, then a summary; cut short while {@link #breakBackups} was called. */
    private final class Backups extends BackupServiceGrpc.BackupServiceImplBase {

        @Override
        public void backup(BackupRequest request, StreamObserver<BackupReply> observer) {
            for (String piece : List.of("WEFT", "BAK")) {
                observer.onNext(BackupReply.newBuilder()
                        .setData(ByteString.copyFromUtf8(piece))
                        .build());
            }
            if (backupsBreak) {
                observer.onError(error(Code.UNAVAILABLE, "SHUTTING_DOWN", "the control plane is stopping"));
                return;
            }
            observer.onNext(BackupReply.newBuilder()
                    .setSummary(BackupSummary.newBuilder()
                            .setKeys(7)
                            .setRevision(12)
                            .setStoreKind("etcd"))
                    .build());
            observer.onCompleted();
        }
    }

    private final class Ipam extends IpamServiceGrpc.IpamServiceImplBase {

        private static final String ENDPOINT_ID = "ac85884c9058767b037b88102fe6c35fb65ebf91135fbce8df24a173b0defcaa";

        @Override
        public void listSubnetUse(ListSubnetUseRequest request, StreamObserver<ListSubnetUseResponse> observer) {
            SubnetUse.Builder use = SubnetUse.newBuilder()
                    .setNetworkName("my-net")
                    .setNode("h1")
                    .setLeased(1)
                    .setReserved(1)
                    .setResting(2);
            answer(
                    request,
                    observer,
                    ListSubnetUseResponse.newBuilder()
                            .addSubnets(use.setCidr("172.18.0.0/24")
                                    .setUsable("253")
                                    .setFree("250")
                                    .setUsedPercent(300.0 / 253))
                            .addSubnets(use.setCidr("fd00::/64")
                                    .setUsable("18446744073709551614")
                                    .setFree("18446744073709551611")
                                    .setUsedPercent(0))
                            .build());
        }

        @Override
        public void listAddresses(ListAddressesRequest request, StreamObserver<ListAddressesResponse> observer) {
            if (!request.getNetwork().equals("my-net")) {
                observer.onError(notFound("network", request.getNetwork()));
                return;
            }
            ListAddressesResponse.Builder page = ListAddressesResponse.newBuilder();
            if (request.getPageToken().isEmpty()) {
                page.addAddresses(NetworkAddress.newBuilder()
                                .setAddress("172.18.0.1")
                                .setKind(NetworkAddress.Kind.GATEWAY)
                                .setSince(CREATED))
                        .setNextPageToken("second");
            } else {
                page.addAddresses(NetworkAddress.newBuilder()
                                .setAddress("172.18.0.2")
                                .setKind(NetworkAddress.Kind.LEASED)
                                .setEndpointId(ENDPOINT_ID)
                                .setSandboxName("one")
                                .setNode("h1")
                                .setSince(CREATED))
                        .addAddresses(NetworkAddress.newBuilder()
                                .setAddress("172.18.0.3")
                                .setKind(NetworkAddress.Kind.RESTING)
                                .setEndpointId("b".repeat(64))
                                .setSince(CREATED)
                                .setRestLeft(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(42)));
            }
            answer(request, observer, page.build());
        }

        @Override
        public void listLeaks(ListLeaksRequest request, StreamObserver<ListLeaksResponse> observer) {
            answer(
                    request,
                    observer,
                    ListLeaksResponse.newBuilder()
                            .addLeaks(Leak.newBuilder()
                                    .setNetworkName("my-net")
                                    .setAddress("172.18.0.4")
                                    .setEndpointId(ENDPOINT_ID)
                                    .setNode("h2")
                                    .setReason(Leak.Reason.NO_ENDPOINT)
                                    .setFirstSeen(CREATED)
                                    .setEvidence("node h2 is silent and may hold it until 2022-08-02T09:20:00Z"))
                            .build());
        }
    }

    /** Three changes, then the end of the stream: a real server would go on. */
    private final class Changes extends ChangeServiceGrpc.ChangeServiceImplBase {

        @Override
        public void getPublisher(GetPublisherRequest request, StreamObserver<Publisher> observer) {
            answer(
                    request,
                    observer,
                    Publisher.newBuilder()
                            .setEnabled(true)
                            .setLeader("cp:7")
                            .setLeads(true)
                            .setPublishedRevision(7)
                            .setStoreRevision(9)
                            .setWaitingFor("cannot reach Kafka")
                            .setWaitingSince(Timestamp.newBuilder().setSeconds(1795242733))
                            .build());
        }

        @Override
        public void watch(WatchRequest request, StreamObserver<WatchResponse> observer) {
            requests.add(request);
            Timestamp time = Timestamp.newBuilder().setSeconds(1795242733).build();
            for (Change.Builder change : List.of(
                    Change.newBuilder()
                            .setType(Change.Type.CREATED)
                            .setRevision(7)
                            .setNetwork(myNet()),
                    Change.newBuilder()
                            .setType(Change.Type.CREATED)
                            .setRevision(8)
                            .setEndpoint(endpoint()),
                    Change.newBuilder()
                            .setType(Change.Type.DELETED)
                            .setRevision(9)
                            .setSandbox(sandbox()))) {
                observer.onNext(WatchResponse.newBuilder()
                        .setChange(change.setTime(time))
                        .build());
            }
            observer.onNext(WatchResponse.newBuilder().setProgressRevision(9).build());
            observer.onCompleted();
        }
    }

    /** Commands: {@code cat}, {@code exit N}, {@code env NAME}, {@code hang} until a signal, {@code nosuch}, {@code lost}. */
    private final class Execs extends ExecServiceGrpc.ExecServiceImplBase {

        @Override
        public StreamObserver<ExecRequest> exec(StreamObserver<ExecReply> replies) {
            return new StreamObserver<>() {
                private List<String> command = new ArrayList<>();

                @Override
                public void onNext(ExecRequest request) {
                    requests.add(request);
                    switch (request.getRequestCase()) {
                        case START -> begin(request.getStart());
                        case STDIN ->
                            replies.onNext(ExecReply.newBuilder()
                                    .setStdout(request.getStdin())
                                    .build());
                        case STDIN_EOF -> {
                            if (command.getFirst().equals("cat")) {
                                exit(0);
                            }
                        }
                        case SIGNAL -> exit(128 + request.getSignal());
                        case REQUEST_NOT_SET -> throw new AssertionError("empty request");
                    }
                }

                private void begin(ExecStart start) {
                    command = start.getCommandList();
                    switch (command.getFirst()) {
                        case "nosuch" ->
                            replies.onError(error(
                                    Code.NOT_FOUND, "COMMAND_NOT_FOUND", "exec nosuch: No such file or directory"));
                        case "lost" -> replies.onCompleted();
                        default -> {
                            replies.onNext(ExecReply.newBuilder()
                                    .setStarted(ExecStarted.newBuilder().setPid(42))
                                    .build());
                            if (start.getDetach()) {
                                replies.onCompleted();
                            } else if (command.getFirst().equals("exit")) {
                                replies.onNext(ExecReply.newBuilder()
                                        .setStderr(ByteString.copyFromUtf8("leaving\n"))
                                        .build());
                                exit(Integer.parseInt(command.get(1)));
                            } else if (command.getFirst().equals("env")) {
                                replies.onNext(ExecReply.newBuilder()
                                        .setStdout(ByteString.copyFromUtf8(
                                                start.getEnvironmentOrDefault(command.get(1), "unset") + "\n"))
                                        .build());
                                exit(0);
                            }
                        }
                    }
                }

                private void exit(int code) {
                    replies.onNext(ExecReply.newBuilder().setExitCode(code).build());
                    replies.onCompleted();
                }

                @Override
                public void onError(Throwable thrown) {
                    // The client has gone; there is nothing to clean up in a stub.
                }

                @Override
                public void onCompleted() {
                    // The reply ends when the command does.
                }
            };
        }
    }
}
