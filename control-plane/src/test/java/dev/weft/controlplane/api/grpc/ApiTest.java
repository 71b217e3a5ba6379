package dev.weft.controlplane.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import dev.weft.api.v1.BackupReply;
import dev.weft.api.v1.BackupRequest;
import dev.weft.api.v1.BackupServiceGrpc;
import dev.weft.api.v1.BackupSummary;
import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.EndpointServiceGrpc;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.GetNetworkRequest;
import dev.weft.api.v1.GetNodeRequest;
import dev.weft.api.v1.IpamServiceGrpc;
import dev.weft.api.v1.ListAddressesRequest;
import dev.weft.api.v1.ListAddressesResponse;
import dev.weft.api.v1.ListEndpointsRequest;
import dev.weft.api.v1.ListLeaksRequest;
import dev.weft.api.v1.ListNetworksRequest;
import dev.weft.api.v1.ListNetworksResponse;
import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.ListSubnetUseRequest;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.ObjectStatus;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.SandboxMode;
import dev.weft.api.v1.SandboxServiceGrpc;
import dev.weft.api.v1.Subnet;
import dev.weft.controlplane.backup.BackupFile;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.AddressSpace;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.controlplane.service.Replica;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.Cidr;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Channel channel;

    @BeforeEach
    void open() throws IOException {
        store = SqliteStore.open(SqliteStoreConfig.in(directory.resolve("store"))
                .withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        replica = Replica.over(store);
        server = new TestServer(replica, directory.resolve("run/api.sock"));
        channel = server.tcp();
    }

    @AfterEach
    void close() {
        server.close();
        replica.close();
        store.close();
    }

    private Network overlay(String name) {
        return NetworkServiceGrpc.newBlockingStub(channel)
                .createNetwork(CreateNetworkRequest.newBuilder()
                        .setName(name)
                        .setDriver("overlay")
                        .build());
    }

    @Test
    void theUnixSocketServesTheSameAndOnlyToItsOwner() throws IOException {
        overlay("demo");
        Path socket = directory.resolve("run/api.sock");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        assertThat(NetworkServiceGrpc.newBlockingStub(server.unix())
                        .getNetwork(GetNetworkRequest.newBuilder()
                                .setNetwork("demo")
                                .build())
                        .getDriver())
                .isEqualTo("overlay");
        try (var files = Files.list(directory.resolve("run"))) {
            assertThat(files).containsExactly(socket);
        }
        assertThatThrownBy(() -> new TestServer(replica, socket))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another process answers there");
        server.close();
        assertThat(socket).doesNotExist();
    }

    @Test
    void aStaleSocketIsReplacedButNoOtherFile() throws IOException {
        Path stale = directory.resolve("stale.sock");
        try (var listener = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            listener.bind(java.net.UnixDomainSocketAddress.of(stale));
        }
        assertThat(stale).exists();
        new TestServer(replica, stale).close();

        Path file = Files.writeString(directory.resolve("file.sock"), "mine");
        assertThatThrownBy(() -> new TestServer(replica, file)).hasMessageContaining("that is no socket");
        assertThat(file).hasContent("mine");
    }

    @Test
    void fromNodeToEndpoint() {
        replica.node("a", "192.0.2.1");
        Network network = overlay("demo");
        Sandbox sandbox = SandboxServiceGrpc.newBlockingStub(channel)
                .createSandbox(CreateSandboxRequest.newBuilder().setName("c1").build());
        assertThat(sandbox.getMode()).isEqualTo(SandboxMode.SANDBOX_MODE_MANAGED);
        assertThat(sandbox.getEndpointsList()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.getNetworkName()).isEqualTo("bridge");
            assertThat(endpoint.getIpv4Gateway()).isEqualTo("172.17.0.1");
        });
        Endpoint endpoint = EndpointServiceGrpc.newBlockingStub(channel)
                .createEndpoint(CreateEndpointRequest.newBuilder()
                        .setSandbox("c1")
                        .setEndpoint(EndpointSpec.newBuilder().setNetwork("demo"))
                        .setWait(com.google.protobuf.Duration.newBuilder().setSeconds(1))
                        .build());
        assertThat(endpoint.getStatus().getState()).isEqualTo(ObjectStatus.State.READY);
        assertThat(endpoint.getInterfaceName()).isEqualTo("eth1");
        assertThat(endpoint.getMacAddress()).matches("[0-9a-f][26ae](:[0-9a-f]{2}){5}");

        assertThat(NetworkServiceGrpc.newBlockingStub(channel)
                        .getNetwork(GetNetworkRequest.newBuilder()
                                .setNetwork(network.getId())
                                .build())
                        .getEndpointsList())
                .containsExactly(endpoint);
        assertThat(EndpointServiceGrpc.newBlockingStub(channel)
                        .listEndpoints(ListEndpointsRequest.newBuilder()
                                .setNetwork("demo")
                                .build())
                        .getEndpointsList())
                .containsExactly(endpoint);
        assertThat(NodeServiceGrpc.newBlockingStub(channel)
                        .getNode(GetNodeRequest.getDefaultInstance())
                        .getStatus()
                        .getEndpoints())
                .isEqualTo(2);
        assertThat(NodeServiceGrpc.newBlockingStub(channel)
                        .listNodes(ListNodesRequest.getDefaultInstance())
                        .getNodesList())
                .hasSize(1);
    }

    @Test
    void addressesAreShownPageByPageInTheirOrder() {
        replica.node("a", "192.0.2.1");
        overlay("demo");
        for (int i = 0; i < 12; i++) {
            var _ = SandboxServiceGrpc.newBlockingStub(channel)
                    .createSandbox(CreateSandboxRequest.newBuilder()
                            .addEndpoints(EndpointSpec.newBuilder().setNetwork("demo"))
                            .build());
        }
        IpamServiceGrpc.IpamServiceBlockingStub ipam = IpamServiceGrpc.newBlockingStub(channel);
        List<String> lastOctets = new ArrayList<>();
        String token = "";
        do {
            ListAddressesResponse page = ipam.listAddresses(ListAddressesRequest.newBuilder()
                    .setNetwork("demo")
                    .setPageSize(5)
                    .setPageToken(token)
                    .build());
            page.getAddressesList()
                    .forEach(address -> lastOctets.add(
                            address.getAddress().substring(address.getAddress().lastIndexOf('.') + 1)));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(lastOctets).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13");
        assertThat(ipam.listSubnetUse(ListSubnetUseRequest.getDefaultInstance()).getSubnetsList())
                .filteredOn(use -> use.getNetworkName().equals("demo"))
                .singleElement()
                .satisfies(use -> {
                    assertThat(use.getLeased()).isEqualTo(12);
                    assertThat(use.getReserved()).isEqualTo(1);
                    assertThat(use.getResting()).isZero();
                    assertThat(use.getUsable()).isEqualTo("253");
                    assertThat(use.getFree()).isEqualTo("241");
                    assertThat(use.getUsedPercent()).isBetween(4.7, 4.8);
                });
        assertThat(ipam.listLeaks(ListLeaksRequest.getDefaultInstance()).getLeaksList())
                .isEmpty();
        assertThatThrownBy(() -> ipam.listAddresses(
                        ListAddressesRequest.newBuilder().setNetwork("nosuch").build()))
                .hasMessageContaining("network nosuch not found");
    }

    @Test
    void aBackupComesAsFastAsItIsTakenAndIsWhole() throws IOException {
        replica.node("a", "192.0.2.1");
        ByteString value = ModelCodec.ADDRESS_SPACE.encode(new AddressSpace(IntStream.range(0, 3000)
                .mapToObj(i -> new UsedSubnet(
                        Cidr.parse("10." + i / 256 + "." + i % 256 + ".0/24"),
                        new NetworkId("1".repeat(64)),
                        Optional.empty()))
                .toList()));
        for (int i = 0; i < 40; i++) {
            store.commit(
                    Transaction.builder().put(Keys.NODE_SPACES + "n" + i, value).build());
        }
        Path file = directory.resolve("weft.bak");
        var replies = BackupServiceGrpc.newBlockingV2Stub(channel).backup(BackupRequest.getDefaultInstance());
        BackupSummary summary = BackupSummary.getDefaultInstance();
        long bytes = 0;
        try (OutputStream output = Files.newOutputStream(file)) {
            while (replies.hasNext()) {
                BackupReply reply = replies.read();
                reply.getData().writeTo(output);
                bytes += reply.getData().size();
                assertThat(reply.getSerializedSize()).isLessThan(1 << 20);
                summary = reply.getSummary();
            }
        } catch (StatusException | InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(bytes).isGreaterThan(8_000_000);
        assertThat(summary.getRevision()).isEqualTo(store.revision());
        assertThat(summary.getKeys()).isEqualTo(store.list("").entries().size());
        assertThat(BackupFile.open(file).header().keys()).isEqualTo(summary.getKeys());
    }

    @Test
    void theNodeThatARequestComesThroughIsTheOneMeant() {
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");
        Metadata via = new Metadata();
        via.put(RequestContextInterceptor.VIA_NODE, "b");

        assertThat(NetworkServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(via))
                        .createNetwork(CreateNetworkRequest.newBuilder()
                                .setName("local")
                                .build())
                        .getNode())
                .isEqualTo("b");
        via.discardAll(RequestContextInterceptor.VIA_NODE);
        via.put(RequestContextInterceptor.VIA_NODE, "Not A Node");
        assertThat(refusal(() -> NetworkServiceGrpc.newBlockingStub(channel)
                                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(via))
                                .listNetworks(ListNetworksRequest.getDefaultInstance()))
                        .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT.value());
    }

    @Test
    void anErrorSaysWhyToPeopleAndPrograms() throws IOException {
        com.google.rpc.Status status = refusal(() -> NetworkServiceGrpc.newBlockingStub(channel)
                .createNetwork(CreateNetworkRequest.newBuilder()
                        .setName("-bad-")
                        .setDriver("overlay")
                        .addSubnets(Subnet.newBuilder().setCidr("10.1.0.5/24").setGateway("10.2.0.1"))
                        .build()));

        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
        assertThat(status.getMessage()).contains("invalid subnet 10.1.0.5/24: it should be 10.1.0.0/24");
        ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("INVALID_REQUEST");
        assertThat(info.getDomain()).isEqualTo("weft.dev");
        assertThat(status.getDetails(1).unpack(BadRequest.class).getFieldViolationsList().stream()
                        .map(BadRequest.FieldViolation::getField))
                .containsExactlyInAnyOrder("name", "subnets[0].cidr", "subnets[0].gateway");
        assertThat(status.getDetails(2).unpack(RequestInfo.class).getRequestId())
                .isNotEmpty();
    }

    @Test
    void pagesCoverAllEvenWhileNetworksGo() {
        for (int i = 0; i < 25; i++) {
            overlay("n" + i);
        }
        List<String> seen = new ArrayList<>();
        String token = "";
        do {
            ListNetworksResponse page = NetworkServiceGrpc.newBlockingStub(channel)
                    .listNetworks(ListNetworksRequest.newBuilder()
                            .setPageSize(10)
                            .setPageToken(token)
                            .build());
            assertThat(page.getNetworksCount()).isLessThanOrEqualTo(10);
            page.getNetworksList().forEach(network -> seen.add(network.getName()));
            if (token.isEmpty()) {
                NetworkServiceGrpc.newBlockingStub(channel)
                        .deleteNetwork(DeleteNetworkRequest.newBuilder()
                                .setNetwork(seen.get(9))
                                .build());
            }
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(seen).hasSize(25).doesNotHaveDuplicates();

        for (ListNetworksRequest bad : List.of(
                ListNetworksRequest.newBuilder().setPageSize(-1).build(),
                ListNetworksRequest.newBuilder().setPageSize(1001).build(),
                ListNetworksRequest.newBuilder().setPageToken("%%%").build(),
                ListNetworksRequest.newBuilder().setPageToken("abcd").build())) {
            assertThat(refusal(() -> NetworkServiceGrpc.newBlockingStub(channel).listNetworks(bad))
                            .getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT.value());
        }
    }

    @Test
    void healthIsServed() {
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }

    @Test
    void anOversizedMessageIsRefused() {
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> NetworkServiceGrpc.newBlockingStub(channel)
                        .createNetwork(CreateNetworkRequest.newBuilder()
                                .setName("x".repeat(GrpcServers.MAX_MESSAGE_BYTES + 1))
                                .build()));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        overlay("still-there");
    }

    static com.google.rpc.Status refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refusal).as("the refusal").isNotNull();
        return java.util.Objects.requireNonNull(StatusProto.fromThrowable(refusal));
    }
}
