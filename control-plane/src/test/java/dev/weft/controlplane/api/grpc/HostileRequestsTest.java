package dev.weft.controlplane.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.weft.api.v1.ChangeServiceGrpc;
import dev.weft.api.v1.EndpointServiceGrpc;
import dev.weft.api.v1.IpamServiceGrpc;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.SandboxServiceGrpc;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.service.Replica;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.RandomMessages;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the message, each method answers, or refuses by a code that blames the request; what it calls invalid has written
 * nothing; and the store is readable afterwards.
 */
final class HostileRequestsTest {

    private static final int ROUNDS = 150;

    /** Nothing of the test waits for so long; a request may ask to wait for a node that never answers. */
    private static final int DEADLINE_SECONDS = 2;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "b",
            "c1",
            "front",
            "back",
            "bridge",
            "host",
            "none",
            "null",
            "overlay",
            "macvlan",
            "eth0",
            "00000000",
            "10.1.0.0/16",
            "10.1.0.5",
            "10.1.0.5/33",
            "fd00::/64",
            "fd00::5",
            "::ffff:10.1.0.5",
            "0.0.0.0/0",
            "02:42:0a:00:00:05",
            "ff:ff:ff:ff:ff:ff",
            "com.docker.network.bridge.name",
            "com.docker.network.driver.mtu",
            "driver",
            "label",
            "name",
            "type",
            "bandwidth",
            "true",
            "1500",
            "-1",
            "99999999999999999999",
            "../../etc/passwd",
            "$(reboot)",
            "name with spaces",
            "a\u0000b",
            "\u202e\ud83d\ude00",
            "x".repeat(300),
            "y".repeat(70_000));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Replica replica;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestServer server;

    static Stream<MethodDescriptor<?, ?>> methods() {
        return Stream.of(
                        NetworkServiceGrpc.getServiceDescriptor(),
                        SandboxServiceGrpc.getServiceDescriptor(),
                        EndpointServiceGrpc.getServiceDescriptor(),
                        NodeServiceGrpc.getServiceDescriptor(),
                        IpamServiceGrpc.getServiceDescriptor(),
                        ChangeServiceGrpc.getServiceDescriptor())
                .flatMap(service -> service.getMethods().stream())
                .filter(method -> method.getType() == MethodType.UNARY)
                .filter(method ->
                        !prototype(method).getDescriptorForType().getFields().isEmpty());
    }

    private static Message prototype(MethodDescriptor<?, ?> method) {
        return (Message)
                Objects.requireNonNull(((PrototypeMarshaller<?>) method.getRequestMarshaller()).getMessagePrototype());
    }

    @BeforeEach
    void open() throws IOException {
        store = SqliteStore.open(SqliteStoreConfig.in(directory.resolve("store"))
                .withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        replica = Replica.over(store);
        server = new TestServer(replica, directory.resolve("api.sock"));
        replica.node("a", "192.0.2.1");
        replica.node("b", "192.0.2.2");
        replica.services().networks().create(Replica.call(), Replica.overlay("front", "10.1.0.0/16"));
        replica.services()
                .sandboxes()
                .create(Replica.call(), Replica.sandbox("c1", "a", EndpointRequest.on("front")), Duration.ZERO);
    }

    @AfterEach
    void close() {
        server.close();
        replica.close();
        store.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void everyAnswerBlamesTheRequest(MethodDescriptor<Message, Message> method) {
        RandomMessages messages = new RandomMessages(method.getFullMethodName().hashCode(), TEXTS);
        Message prototype = prototype(method);
        ManagedChannel channel = server.tcp();
        Set<String> outcomes = new HashSet<>();
        for (int i = 0; i < ROUNDS; i++) {
            Message request = messages.like(prototype);
            long before = store.revision();
            Status status = call(channel, method, request);
            assertThat(status.getCode())
                    .as("%s of %s", status, request)
                    .isNotIn(Status.Code.UNKNOWN, Status.Code.INTERNAL, Status.Code.UNIMPLEMENTED);
            if (status.getCode() == Status.Code.INVALID_ARGUMENT) {
                assertThat(store.revision()).as("%s of %s", status, request).isEqualTo(before);
                assertThat(status.getDescription()).isNotBlank();
            }
            outcomes.add(status.getCode() + " " + status.getDescription());
        }
        assertThat(outcomes).as("not all requests end the same way").hasSizeGreaterThan(1);
    }

    private static Status call(Channel channel, MethodDescriptor<Message, Message> method, Message request) {
        try {
            Message unusedAnswer = ClientCalls.blockingUnaryCall(
                    channel,
                    method,
                    CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS),
                    request);
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }
}
