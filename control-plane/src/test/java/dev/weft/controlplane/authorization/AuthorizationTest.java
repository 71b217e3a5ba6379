package dev.weft.controlplane.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.BackupServiceGrpc;
import dev.weft.api.v1.ChangeServiceGrpc;
import dev.weft.api.v1.EndpointServiceGrpc;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.api.v1.IpamServiceGrpc;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.PortAuditServiceGrpc;
import dev.weft.api.v1.PortServiceGrpc;
import dev.weft.api.v1.SandboxServiceGrpc;
import dev.weft.controlplane.authorization.Caller.Rejected.Ground;
import dev.weft.controlplane.model.NodeName;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import dev.weft.trust.Identity;
import dev.weft.trust.Role;
import dev.weft.trust.v1.TrustServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthorizationTest {

    private static final List<ServiceDescriptor> SERVICES = List.of(
            NetworkServiceGrpc.getServiceDescriptor(),
            SandboxServiceGrpc.getServiceDescriptor(),
            EndpointServiceGrpc.getServiceDescriptor(),
            PortServiceGrpc.getServiceDescriptor(),
            PortAuditServiceGrpc.getServiceDescriptor(),
            NodeServiceGrpc.getServiceDescriptor(),
            IpamServiceGrpc.getServiceDescriptor(),
            BackupServiceGrpc.getServiceDescriptor(),
            ExecServiceGrpc.getServiceDescriptor(),
            ChangeServiceGrpc.getServiceDescriptor(),
            TrustServiceGrpc.getServiceDescriptor(),
            NodeSyncServiceGrpc.getServiceDescriptor(),
            HealthGrpc.getServiceDescriptor(),
            ServerReflectionGrpc.getServiceDescriptor());

    private static final Caller ADMIN = user(Role.ADMIN);
    private static final Caller OPERATOR = user(Role.OPERATOR);
    private static final Caller VIEWER = user(Role.VIEWER);
    private static final Caller NODE = new Caller.Certified(new Identity.Node("h1", Optional.empty()));
    private static final Caller MANAGER = new Caller.Certified(new Identity.Node("h1", Optional.of(Role.ADMIN)));

    private static Caller user(Role role) {
        return new Caller.Certified(new Identity.User("somebody", role));
    }

    private static Stream<String> methods() {
        return SERVICES.stream()
                .flatMap(service -> service.getMethods().stream())
                .map(MethodDescriptor::getFullMethodName);
    }

    /** A service that is added to the API has to be added here, and then gets no further without rules. */
    @Test
    void everyServiceOfTheContractIsLookedAt() throws IOException, URISyntaxException {
        assertThat(SERVICES.stream()
                        .map(ServiceDescriptor::getName)
                        .filter(name -> name.startsWith("weft."))
                        .map(name -> name.substring(name.lastIndexOf('.') + 1) + "Grpc"))
                .containsExactlyInAnyOrderElementsOf(stubs());
    }

    private static List<String> stubs() throws IOException, URISyntaxException {
        Path code = Path.of(NetworkServiceGrpc.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (Files.isDirectory(code)) {
            return stubs(code);
        }
        try (FileSystem jar = FileSystems.newFileSystem(code)) {
            return stubs(jar.getPath("/"));
        }
    }

    private static List<String> stubs(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("dev/weft"))) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith("ServiceGrpc.class"))
                    .map(name -> name.replace(".class", ""))
                    .toList();
        }
    }

    @Test
    void everyCallHasARule() {
        assertThat(methods())
                .allSatisfy(method -> assertThat(Rules.of(method)).as(method).isPresent());
    }

    @Test
    void aCallWithoutARuleIsRefusedToEverybody() {
        for (Caller caller : List.of(new Caller.Local(), ADMIN, NODE, new Caller.Stranger())) {
            assertThat(Authorization.decide(caller, "weft.api.v1.NetworkService/New"))
                    .isInstanceOf(Decision.Refused.class);
        }
    }

    @Test
    void whoeverOwnsTheControlPlaneMayEverything() {
        assertThat(methods()).allSatisfy(method -> {
            assertThat(Authorization.decide(new Caller.Local(), method)).isEqualTo(new Decision.Allowed());
            assertThat(Authorization.decide(new Caller.Unchecked(), method)).isEqualTo(new Decision.Allowed());
        });
    }

    @Test
    void whoIsNotKnownMayJoinOnly() {
        for (Caller caller : List.of(
                new Caller.Stranger(),
                new Caller.Rejected("node/h1", Ground.DOES_NOT_COUNT, "its certificate expired"))) {
            assertThat(methods().filter(method -> !(Authorization.decide(caller, method) instanceof Decision.Unknown)))
                    .containsExactly("weft.trust.v1.TrustService/Join");
        }
    }

    /** ADMIN, OPERATOR, VIEWER, a node, a node whose socket's users are administrators; + may, o for its own only, - may not. */
    @ParameterizedTest
    @CsvSource({
        "weft.api.v1.NetworkService/ListNetworks,      +++o+",
        "weft.api.v1.NetworkService/CreateNetwork,     ++-o+",
        "weft.api.v1.NetworkService/PruneNetworks,     ++--+",
        "weft.api.v1.SandboxService/CreateSandbox,     ++-o+",
        "weft.api.v1.SandboxService/GetSandbox,        +++o+",
        "weft.api.v1.EndpointService/DeleteEndpoint,   ++-o+",
        "weft.api.v1.PortService/AddPorts,             ++-o+",
        "weft.api.v1.ExecService/Exec,                 +--o+",
        "weft.api.v1.NodeService/ListNodes,            +++o+",
        "weft.api.v1.NodeService/RemoveNode,           +---+",
        "weft.api.v1.NodeService/DrainNode,            +---+",
        "weft.api.v1.BackupService/Backup,             +---+",
        "weft.api.v1.ChangeService/Watch,              +++-+",
        "weft.api.v1.IpamService/ListAddresses,        +++-+",
        "weft.node.v1.NodeSyncService/Sync,            ---++",
        "weft.node.v1.NodeSyncService/AttachExec,      ---++",
        "weft.trust.v1.TrustService/Join,              +++++",
        "weft.trust.v1.TrustService/Renew,             ---++",
        "weft.trust.v1.TrustService/CreateJoinToken,   +---+",
        "weft.trust.v1.TrustService/WithdrawJoinToken, +---+",
        "weft.trust.v1.TrustService/ListJoinTokens,    +++-+",
        "weft.trust.v1.TrustService/IssueCertificate,  +---+",
        "weft.trust.v1.TrustService/RevokeCertificate, +---+",
        "weft.trust.v1.TrustService/ListCertificates,  +++-+",
    })
    void whatEachMay(String method, String expected) {
        StringBuilder found = new StringBuilder();
        for (Caller caller : List.of(ADMIN, OPERATOR, VIEWER, NODE, MANAGER)) {
            found.append(
                    switch (Authorization.decide(caller, method)) {
                        case Decision.Allowed() -> '+';
                        case Decision.Confined(NodeName node) -> {
                            assertThat(node).isEqualTo(new NodeName("h1"));
                            yield 'o';
                        }
                        case Decision.Refused(String why) -> {
                            assertThat(why).contains(method);
                            yield '-';
                        }
                        case Decision.Unknown _ -> '?';
                    });
        }
        assertThat(found).asString().isEqualTo(expected);
    }

    @Test
    void aNodeIsItselfAndNobodyElse() {
        NodeName h1 = new NodeName("h1");
        NodeName h2 = new NodeName("h2");
        assertThat(Authorization.mayBe(NODE, h1)).isTrue();
        assertThat(Authorization.mayBe(NODE, h2)).isFalse();
        assertThat(Authorization.mayBe(MANAGER, h2)).isFalse();
        assertThat(Authorization.mayBe(ADMIN, h1)).isFalse();
        assertThat(Authorization.mayBe(new Caller.Stranger(), h1)).isFalse();
        assertThat(Authorization.mayBe(new Caller.Rejected("node/h1", Ground.NODE_REMOVED, ""), h1))
                .isFalse();
        assertThat(Authorization.mayBe(new Caller.Unchecked(), h2)).isTrue();
    }
}
