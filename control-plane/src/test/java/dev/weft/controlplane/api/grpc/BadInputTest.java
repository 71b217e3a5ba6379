package dev.weft.controlplane.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteEndpointRequest;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.EndpointServiceGrpc;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.Filter;
import dev.weft.api.v1.GetNetworkRequest;
import dev.weft.api.v1.GetNodeRequest;
import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.ListNetworksRequest;
import dev.weft.api.v1.ListSandboxesRequest;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.PruneNetworksRequest;
import dev.weft.api.v1.SandboxServiceGrpc;
import dev.weft.api.v1.Scope;
import dev.weft.api.v1.Subnet;
import dev.weft.controlplane.service.Replica;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every bad request is refused with a code, a reason and the field to blame, and writes nothing. */
final class BadInputTest {

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

    private final List<DynamicTest> tests = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        store = SqliteStore.open(SqliteStoreConfig.in(directory.resolve("store"))
                .withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        replica = Replica.over(store);
        server = new TestServer(replica, directory.resolve("api.sock"));
        channel = server.tcp();
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");
        networks().createNetwork(overlay("demo", "10.1.0.0/24").build());
        sandboxes().createSandbox(sandbox("c1", "demo", "10.1.0.9").build());
    }

    @AfterEach
    void close() {
        server.close();
        replica.close();
        store.close();
    }

    private NetworkServiceGrpc.NetworkServiceBlockingStub networks() {
        return NetworkServiceGrpc.newBlockingStub(channel);
    }

    private SandboxServiceGrpc.SandboxServiceBlockingStub sandboxes() {
        return SandboxServiceGrpc.newBlockingStub(channel);
    }

    private EndpointServiceGrpc.EndpointServiceBlockingStub endpoints() {
        return EndpointServiceGrpc.newBlockingStub(channel);
    }

    private static CreateNetworkRequest.Builder overlay(String name, String cidr) {
        return CreateNetworkRequest.newBuilder()
                .setName(name)
                .setDriver("overlay")
                .addSubnets(Subnet.newBuilder().setCidr(cidr));
    }

    private static CreateSandboxRequest.Builder sandbox(String name, String network, String ipv4) {
        return CreateSandboxRequest.newBuilder()
                .setName(name)
                .setNode("a")
                .addEndpoints(EndpointSpec.newBuilder().setNetwork(network).setIpv4Address(ipv4));
    }

    private static CreateNetworkRequest.Builder withSubnet(Consumer<Subnet.Builder> change) {
        Subnet.Builder subnet = Subnet.newBuilder().setCidr("10.2.0.0/24");
        change.accept(subnet);
        return CreateNetworkRequest.newBuilder()
                .setName("n")
                .setDriver("overlay")
                .addSubnets(subnet);
    }

    private void network(String what, CreateNetworkRequest.Builder request, String reason, String field) {
        bad(what, () -> networks().createNetwork(request.build()), reason, field);
    }

    private void sandbox(String what, CreateSandboxRequest.Builder request, String reason, String field) {
        bad(what, () -> sandboxes().createSandbox(request.build()), reason, field);
    }

    private void bad(String what, Runnable call, String reason, String field) {
        tests.add(DynamicTest.dynamicTest(what, () -> {
            long before = store.revision();
            com.google.rpc.Status status = ApiTest.refusal(call::run);
            assertThat(store.revision()).as("revision").isEqualTo(before);
            assertThat(detail(status, ErrorInfo.class).orElseThrow().getReason())
                    .as(status.getMessage())
                    .isEqualTo(reason);
            assertThat(status.getCode())
                    .isNotIn(Status.Code.INTERNAL.value(), Status.Code.UNKNOWN.value(), Status.Code.OK.value());
            assertThat(status.getMessage()).isNotBlank();
            if (!field.isEmpty()) {
                assertThat(detail(status, BadRequest.class).orElseThrow().getFieldViolationsList().stream()
                                .map(BadRequest.FieldViolation::getField))
                        .as(status.getMessage())
                        .contains(field);
            }
        }));
    }

    private static <T extends com.google.protobuf.Message> Optional<T> detail(
            com.google.rpc.Status status, Class<T> type) throws IOException {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(type)) {
                return Optional.of(detail.unpack(type));
            }
        }
        return Optional.empty();
    }

    @TestFactory
    Stream<DynamicTest> everyBadRequestIsRefused() {
        badNetworks();
        badSubnets();
        badSandboxes();
        badEndpoints();
        badRest();
        return tests.stream();
    }

    private void badNetworks() {
        network("no name", overlay("", "10.2.0.0/24"), "INVALID_REQUEST", "name");
        network("long name", overlay("x".repeat(129), "10.2.0.0/24"), "INVALID_REQUEST", "name");
        network("odd name", overlay("a b", "10.2.0.0/24"), "INVALID_REQUEST", "name");
        network("control characters", overlay("a\u001b[31m", "10.2.0.0/24"), "INVALID_REQUEST", "name");
        network("slash", overlay("../a", "10.2.0.0/24"), "INVALID_REQUEST", "name");
        network("name that is an id", overlay("0".repeat(64), "10.2.0.0/24"), "INVALID_REQUEST", "name");
        network("duplicate name", overlay("demo", "10.2.0.0/24"), "NAME_IN_USE", "name");
        network("predefined name", overlay("host", "10.2.0.0/24"), "PREDEFINED_NETWORK", "name");
        network(
                "unknown driver",
                CreateNetworkRequest.newBuilder().setName("n").setDriver("x"),
                "UNKNOWN_DRIVER",
                "driver");
        network(
                "second host network",
                CreateNetworkRequest.newBuilder().setName("n").setDriver("host"),
                "PREDEFINED_NETWORK",
                "driver");
        network("node of a global network", overlay("n", "10.2.0.0/24").setNode("a"), "INVALID_REQUEST", "node");
        network("local overlay", overlay("n", "10.2.0.0/24").setScope(Scope.SCOPE_LOCAL), "INVALID_REQUEST", "scope");
        network("unknown scope", overlay("n", "10.2.0.0/24").setScopeValue(9), "INVALID_REQUEST", "scope");
        network("no node", CreateNetworkRequest.newBuilder().setName("n"), "NODE_REQUIRED", "node");
        network("unknown node", CreateNetworkRequest.newBuilder().setName("n").setNode("z"), "NODE_NOT_FOUND", "node");
        network("odd node", CreateNetworkRequest.newBuilder().setName("n").setNode("A B"), "INVALID_REQUEST", "node");
        network(
                "bad option value",
                CreateNetworkRequest.newBuilder()
                        .setName("n")
                        .setNode("a")
                        .putOptions("com.docker.network.driver.mtu", "-3"),
                "INVALID_REQUEST",
                "options[com.docker.network.driver.mtu]");
        network("no family", overlay("n", "10.2.0.0/24").setEnableIpv4(false), "INVALID_REQUEST", "enable_ipv4");
        network("bad request id", overlay("n", "10.2.0.0/24").setRequestId("a/b"), "INVALID_REQUEST", "request_id");
        network(
                "long request id",
                overlay("n", "10.2.0.0/24").setRequestId("x".repeat(65)),
                "INVALID_REQUEST",
                "request_id");
        network(
                "too much in labels",
                overlay("n", "10.2.0.0/24").putLabels("a", "x".repeat(70_000)),
                "INVALID_REQUEST",
                "labels");
    }

    private void badSubnets() {
        network("no CIDR", withSubnet(s -> s.setCidr("x")), "INVALID_REQUEST", "subnets[0].cidr");
        network("host bits", withSubnet(s -> s.setCidr("10.2.0.1/24")), "INVALID_REQUEST", "subnets[0].cidr");
        network("prefix too long", withSubnet(s -> s.setCidr("10.2.0.0/33")), "INVALID_REQUEST", "subnets[0].cidr");
        network("overlap", withSubnet(s -> s.setCidr("10.1.0.0/16")), "SUBNET_OVERLAP", "subnets[0].cidr");
        network("covers a node", withSubnet(s -> s.setCidr("192.0.2.0/24")), "SUBNET_OVERLAP", "subnets[0].cidr");
        network("loopback", withSubnet(s -> s.setCidr("127.0.0.0/24")), "INVALID_REQUEST", "subnets[0].cidr");
        network("multicast", withSubnet(s -> s.setCidr("224.0.0.0/24")), "INVALID_REQUEST", "subnets[0].cidr");
        network("gateway outside", withSubnet(s -> s.setGateway("10.3.0.1")), "INVALID_REQUEST", "subnets[0].gateway");
        network("gateway no address", withSubnet(s -> s.setGateway("x")), "INVALID_REQUEST", "subnets[0].gateway");
        network(
                "range outside",
                withSubnet(s -> s.setIpRange("10.3.0.0/25")),
                "INVALID_REQUEST",
                "subnets[0].ip_range");
        network(
                "range too big",
                withSubnet(s -> s.setIpRange("10.2.0.0/16")),
                "INVALID_REQUEST",
                "subnets[0].ip_range");
        network(
                "aux address outside",
                withSubnet(s -> s.putAuxAddresses("r", "10.3.0.9")),
                "INVALID_REQUEST",
                "subnets[0].aux_addresses[r]");
        network(
                "overlap with itself",
                overlay("n", "10.2.0.0/24").addSubnets(Subnet.newBuilder().setCidr("10.2.0.0/25")),
                "INVALID_REQUEST",
                "subnets[1].cidr");
    }

    private void badSandboxes() {
        sandbox("odd name", sandbox("a b", "demo", ""), "INVALID_REQUEST", "name");
        sandbox("duplicate name", sandbox("c1", "demo", ""), "NAME_IN_USE", "name");
        sandbox("unknown node", sandbox("c2", "demo", "").setNode("z"), "NODE_NOT_FOUND", "node");
        sandbox("no node", sandbox("c2", "demo", "").setNode(""), "NODE_REQUIRED", "node");
        sandbox("unknown network", sandbox("c2", "nosuch", ""), "NETWORK_NOT_FOUND", "endpoints[0].network");
        sandbox("no address", sandbox("c2", "demo", "x"), "INVALID_REQUEST", "endpoints[0].ipv4_address");
        sandbox("address in use", sandbox("c2", "demo", "10.1.0.9"), "ADDRESS_IN_USE", "endpoints[0].ipv4_address");
        sandbox("the gateway", sandbox("c2", "demo", "10.1.0.1"), "ADDRESS_IN_USE", "endpoints[0].ipv4_address");
        sandbox("address outside", sandbox("c2", "demo", "10.9.0.9"), "INVALID_REQUEST", "endpoints[0].ipv4_address");
        sandbox("broadcast", sandbox("c2", "demo", "10.1.0.255"), "INVALID_REQUEST", "endpoints[0].ipv4_address");
        sandbox(
                "address on the default bridge",
                sandbox("c2", "bridge", "172.17.0.9"),
                "INCOMPATIBLE_NETWORK",
                "endpoints[0].ipv4_address");
        sandbox("odd hostname", sandbox("c2", "demo", "").setHostname("a b"), "INVALID_REQUEST", "hostname");
        sandbox("relative path", sandbox("c2", "demo", "").setNetnsPath("x/y"), "INVALID_REQUEST", "netns_path");
        sandbox(
                "path that climbs",
                sandbox("c2", "demo", "").setNetnsPath("/run/../etc"),
                "INVALID_REQUEST",
                "netns_path");
        sandbox(
                "host and another",
                sandbox("c2", "host", "").addEndpoints(EndpointSpec.newBuilder().setNetwork("demo")),
                "INCOMPATIBLE_NETWORK",
                "endpoints");
        sandbox(
                "one network twice",
                sandbox("c2", "demo", "").addEndpoints(EndpointSpec.newBuilder().setNetwork("demo")),
                "ALREADY_CONNECTED",
                "endpoints[1].network");
        sandbox(
                "negative wait",
                sandbox("c2", "demo", "").setWait(Duration.newBuilder().setSeconds(-1)),
                "INVALID_REQUEST",
                "wait");
        sandbox(
                "endless wait",
                sandbox("c2", "demo", "").setWait(Duration.newBuilder().setSeconds(100_000)),
                "INVALID_REQUEST",
                "wait");
        CreateSandboxRequest.Builder many = sandbox("c2", "demo", "");
        for (int i = 0; i < 16; i++) {
            many.addEndpoints(EndpointSpec.newBuilder().setNetwork("n" + i));
        }
        sandbox("too many endpoints", many, "INVALID_REQUEST", "endpoints");
    }

    private void badEndpoints() {
        endpoint("unknown sandbox", "nosuch", EndpointSpec.newBuilder().setNetwork("demo"), "SANDBOX_NOT_FOUND", "");
        endpoint("no sandbox", "", EndpointSpec.newBuilder().setNetwork("demo"), "INVALID_REQUEST", "sandbox");
        endpoint(
                "unknown network",
                "c1",
                EndpointSpec.newBuilder().setNetwork("nosuch"),
                "NETWORK_NOT_FOUND",
                "endpoint.network");
        endpoint(
                "connected already",
                "c1",
                EndpointSpec.newBuilder().setNetwork("demo"),
                "ALREADY_CONNECTED",
                "endpoint.network");
        endpoint(
                "to host",
                "c1",
                EndpointSpec.newBuilder().setNetwork("host"),
                "INCOMPATIBLE_NETWORK",
                "endpoint.network");
        endpoint(
                "group MAC",
                "c1",
                EndpointSpec.newBuilder().setNetwork("bridge").setMacAddress("01:00:5e:00:00:01"),
                "INVALID_REQUEST",
                "endpoint.mac_address");
        endpoint(
                "alias on the default bridge",
                "c1",
                EndpointSpec.newBuilder().setNetwork("bridge").addAliases("x"),
                "INCOMPATIBLE_NETWORK",
                "endpoint.aliases");
        bad(
                "disconnect what is not connected",
                () -> endpoints()
                        .deleteEndpoint(DeleteEndpointRequest.newBuilder()
                                .setSandbox("c1")
                                .setNetwork("bridge")
                                .build()),
                "ENDPOINT_NOT_FOUND",
                "network");
    }

    private void endpoint(String what, String sandbox, EndpointSpec.Builder spec, String reason, String field) {
        bad(
                what,
                () -> endpoints()
                        .createEndpoint(CreateEndpointRequest.newBuilder()
                                .setSandbox(sandbox)
                                .setEndpoint(spec)
                                .build()),
                reason,
                field);
    }

    private void badRest() {
        bad(
                "network in use",
                () -> networks()
                        .deleteNetwork(DeleteNetworkRequest.newBuilder()
                                .setNetwork("demo")
                                .build()),
                "NETWORK_IN_USE",
                "network");
        bad(
                "predefined network",
                () -> networks()
                        .deleteNetwork(DeleteNetworkRequest.newBuilder()
                                .setNetwork("bridge")
                                .setNode("a")
                                .build()),
                "PREDEFINED_NETWORK",
                "network");
        bad(
                "delete an unknown network",
                () -> networks()
                        .deleteNetwork(DeleteNetworkRequest.newBuilder()
                                .setNetwork("x")
                                .build()),
                "NETWORK_NOT_FOUND",
                "");
        bad(
                "get nothing",
                () -> networks().getNetwork(GetNetworkRequest.getDefaultInstance()),
                "INVALID_REQUEST",
                "network");
        bad(
                "ambiguous network",
                () -> networks()
                        .getNetwork(GetNetworkRequest.newBuilder()
                                .setNetwork("bridge")
                                .build()),
                "AMBIGUOUS_REFERENCE",
                "");
        bad(
                "unknown sandbox",
                () -> sandboxes()
                        .getSandbox(
                                GetSandboxRequest.newBuilder().setSandbox("x").build()),
                "SANDBOX_NOT_FOUND",
                "");
        bad(
                "delete an unknown sandbox",
                () -> sandboxes()
                        .deleteSandbox(DeleteSandboxRequest.newBuilder()
                                .setSandbox("x")
                                .build()),
                "SANDBOX_NOT_FOUND",
                "");
        bad(
                "unknown node",
                () -> NodeServiceGrpc.newBlockingStub(channel)
                        .getNode(GetNodeRequest.newBuilder().setNode("z").build()),
                "NODE_NOT_FOUND",
                "");
        Filter filter = Filter.newBuilder().setKey("nosuch").setValue("x").build();
        bad(
                "unknown network filter",
                () -> networks()
                        .listNetworks(ListNetworksRequest.newBuilder()
                                .addFilters(filter)
                                .build()),
                "INVALID_REQUEST",
                "filters[0].key");
        bad(
                "unknown prune filter",
                () -> networks()
                        .pruneNetworks(PruneNetworksRequest.newBuilder()
                                .addFilters(filter)
                                .build()),
                "INVALID_REQUEST",
                "filters[0].key");
        bad(
                "unknown sandbox filter",
                () -> sandboxes()
                        .listSandboxes(ListSandboxesRequest.newBuilder()
                                .addFilters(filter)
                                .build()),
                "INVALID_REQUEST",
                "filters[0].key");
    }

    /** Bytes that are no protobuf at all. */
    @Test
    void aMalformedMessageIsRefused() {
        MethodDescriptor<byte[], Network> method = MethodDescriptor.<byte[], Network>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(NetworkServiceGrpc.getCreateNetworkMethod().getFullMethodName())
                .setRequestMarshaller(new MethodDescriptor.Marshaller<>() {
                    @Override
                    public InputStream stream(byte[] value) {
                        return new ByteArrayInputStream(value);
                    }

                    @Override
                    public byte[] parse(InputStream stream) {
                        return new byte[0];
                    }
                })
                .setResponseMarshaller(
                        NetworkServiceGrpc.getCreateNetworkMethod().getResponseMarshaller())
                .build();
        long before = store.revision();
        for (byte[] bytes : List.of(
                new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
                ByteString.copyFromUtf8("GET / HTTP/1.1\r\n").toByteArray())) {
            StatusRuntimeException refusal = org.assertj.core.api.Assertions.catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, bytes));
            assertThat(refusal).isNotNull();
            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        assertThat(store.revision()).isEqualTo(before);
    }
}
