package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.weft.api.v1.ChangeServiceGrpc;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.api.v1.ExecStart;
import dev.weft.api.v1.ListNetworksRequest;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.WatchRequest;
import dev.weft.api.v1.WatchResponse;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.SecureControlPlane;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Certificates;
import dev.weft.trust.Identity;
import dev.weft.trust.KeyAndChain;
import dev.weft.trust.Keys;
import dev.weft.trust.OwnKeyManager;
import dev.weft.trust.Role;
import dev.weft.trust.SigningRequests;
import dev.weft.trust.TlsFailure;
import dev.weft.trust.TrustManagers;
import dev.weft.trust.v1.CreateJoinTokenRequest;
import dev.weft.trust.v1.CreateJoinTokenResponse;
import dev.weft.trust.v1.JoinRequest;
import dev.weft.trust.v1.ListJoinTokensRequest;
import dev.weft.trust.v1.RenewRequest;
import dev.weft.trust.v1.RevokeCertificateRequest;
import dev.weft.trust.v1.TrustServiceGrpc;
import dev.weft.trust.v1.WithdrawJoinTokenRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has no certificate, or one that does not count, at a real control plane; and what each role may there. */
@Timeout(180)
final class StrangerTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Path directory;
    private final CertificateAuthority authority;
    private final SecureControlPlane controlPlane;

    StrangerTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        authority = CertificateAuthority.init(directory.resolve("ca"), "test", Instant.now());
        controlPlane = new SecureControlPlane(
                authority,
                directory.resolve("ca"),
                new StoreConfig.Sqlite(SqliteStoreConfig.in(directory.resolve("state"))),
                directory,
                freePort());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        controlPlane.close();
    }

    private static StatusRuntimeException refusal(Channel channel) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> list(channel));
    }

    private static void list(Channel channel) {
        var unused = NetworkServiceGrpc.newBlockingStub(channel).listNetworks(ListNetworksRequest.getDefaultInstance());
    }

    private static void unauthenticated(Channel channel, String... words) {
        StatusRuntimeException refusal = refusal(channel);
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refusal.getStatus().getDescription()).contains(words);
    }

    private static void noConnection(Channel channel, String words) {
        StatusRuntimeException refusal = refusal(channel);
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(TlsFailure.explain(refusal))
                .as("explanation of %s", refusal.getCause())
                .get()
                .asString()
                .contains(words);
    }

    @Test
    void withoutACertificateThereIsJoiningAndNothingElse() throws IOException {
        ManagedChannel stranger = controlPlane.stranger();
        unauthenticated(stranger, "has no certificate", "--cert");
        assertThat(catchThrowableOfType(
                                StatusRuntimeException.class,
                                () -> HealthGrpc.newBlockingStub(stranger)
                                        .check(HealthCheckRequest.getDefaultInstance()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        StatusRuntimeException join = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> TrustServiceGrpc.newBlockingStub(stranger)
                        .join(JoinRequest.newBuilder()
                                .setSecret("guessed-guessed-guessed")
                                .setNode("h1")
                                .setSigningRequest(ByteString.copyFrom(SigningRequests.create(Keys.generate())))
                                .build()));
        assertThat(join.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(join.getStatus().getDescription()).contains("token is not known here");

        assertThat(Files.readAllLines(controlPlane.auditLog()))
                .anyMatch(line -> line.contains("\"identity\":\"stranger\"")
                        && line.contains("ListNetworks")
                        && line.contains("UNAUTHENTICATED"))
                .anyMatch(line -> line.contains("TrustService/Join") && line.contains("PERMISSION_DENIED"));
    }

    @Test
    void withoutTlsThereIsNothing() {
        assertThat(refusal(controlPlane.plain()).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aCertificateOfAnotherAuthorityMakesNoConnection() {
        CertificateAuthority other = CertificateAuthority.init(directory.resolve("other"), "test", Instant.now());
        KeyAndChain foreign = SecureControlPlane.certificate(
                other, new Identity.User("somebody", Role.ADMIN), Instant.now(), Duration.ofHours(1));
        noConnection(controlPlane.channel(foreign), "not of its cluster's authority");
    }

    @Test
    void aServerIsNotBelievedForAnotherNameOrByAnotherAuthority() {
        CertificateAuthority other = CertificateAuthority.init(directory.resolve("other"), "test", Instant.now());
        Optional<KeyAndChain> own = Optional.of(controlPlane.certificate(new Identity.User("somebody", Role.ADMIN)));
        noConnection(
                controlPlane.channel(own, other.certificate(), "127.0.0.1"),
                "not of the authority that is trusted here");
        noConnection(
                controlPlane.channel(own, authority.certificate(), "elsewhere.example"),
                "not for the name that was dialled");
    }

    @Test
    void aNodesCertificateServesNobody() {
        KeyAndChain node = controlPlane.certificate(new Identity.Node("h1", Optional.empty()));
        assertThat(catchThrowableOfType(
                        java.security.cert.CertificateException.class,
                        () -> TrustManagers.ofServers(List.of(authority.certificate()))
                                .checkServerTrusted(
                                        node.chain().toArray(java.security.cert.X509Certificate[]::new), "UNKNOWN")))
                .hasMessageContaining("does not permit use for TLS server authentication");
    }

    @Test
    void certificatesOutsideTheirTimeAreToldSo() {
        Identity somebody = new Identity.User("somebody", Role.ADMIN);
        Instant now = Instant.now();
        unauthenticated(
                controlPlane.channel(
                        controlPlane.certificate(somebody, now.minus(Duration.ofHours(2)), Duration.ofHours(1))),
                "user/somebody expired at",
                "have another issued");
        unauthenticated(
                controlPlane.channel(
                        controlPlane.certificate(somebody, now.plus(Duration.ofHours(1)), Duration.ofHours(1))),
                "is not valid before",
                "compare the clocks");
    }

    /** Keeps a stream open, and knows when it ended. */
    private static CompletableFuture<Status> watch(Channel channel) {
        CompletableFuture<Status> end = new CompletableFuture<>();
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        ChangeServiceGrpc.newStub(channel).watch(WatchRequest.getDefaultInstance(), new StreamObserver<>() {
            @Override
            public void onNext(WatchResponse message) {
                begun.complete(true);
            }

            @Override
            public void onError(Throwable failure) {
                begun.complete(false);
                end.complete(Status.fromThrowable(failure));
            }

            @Override
            public void onCompleted() {
                end.complete(Status.OK);
            }
        });
        assertThat(begun.join()).isTrue();
        return end;
    }

    @Test
    void revocationEndsWhatIsOpenAndRefusesWhatIsNew() {
        KeyAndChain certificate = controlPlane.certificate(new Identity.User("mallory", Role.VIEWER));
        ManagedChannel channel = controlPlane.channel(certificate);
        CompletableFuture<Status> stream = watch(channel);
        CompletableFuture<Status> other = watch(controlPlane.user(Role.VIEWER));

        String revoked = TrustServiceGrpc.newBlockingStub(controlPlane.user(Role.ADMIN))
                .revokeCertificate(RevokeCertificateRequest.newBuilder()
                        .setCertificate(Certificates.serial(certificate.certificate()))
                        .build())
                .getRevoked();
        assertThat(revoked).isEqualTo(Certificates.serial(certificate.certificate()));

        Await.until("the stream to end", SOON, stream::isDone);
        unauthenticated(channel, "user/mallory", "was revoked at");
        assertThat(other).isNotDone();
    }

    @Test
    void aConnectionLastsAsLongAsItsCertificateIsRenewed() {
        Duration life = Duration.ofSeconds(6);
        Instant begin = Instant.now();
        ManagedChannel lazy =
                controlPlane.channel(controlPlane.certificate(new Identity.User("lazy", Role.VIEWER), begin, life));
        KeyAndChain first = controlPlane.certificate(new Identity.Node("h1", Optional.of(Role.VIEWER)), begin, life);
        ManagedChannel diligent = controlPlane.channel(first);
        CompletableFuture<Status> ends = watch(lazy);
        CompletableFuture<Status> stays = watch(diligent);
        assertThat(TrustServiceGrpc.newBlockingStub(diligent)
                        .renew(RenewRequest.newBuilder()
                                .setSigningRequest(ByteString.copyFrom(SigningRequests.create(Keys.generate())))
                                .build())
                        .getCertificate())
                .isNotEmpty();

        Await.until("the certificate that nobody renewed to end its connection", SOON, ends::isDone);
        assertThat(first.certificate().getNotAfter().toInstant()).isBefore(Instant.now());
        assertThat(stays).as("the renewed one's stream").isNotDone();
        assertThat(HealthGrpc.newBlockingStub(diligent)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }

    @Test
    void eachRoleMayWhatItMay() throws IOException {
        ManagedChannel viewer = controlPlane.user(Role.VIEWER);
        ManagedChannel operator = controlPlane.user(Role.OPERATOR);
        list(viewer);
        CreateNetworkRequest network = CreateNetworkRequest.newBuilder()
                .setName("net")
                .setDriver("overlay")
                .build();
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> NetworkServiceGrpc.newBlockingStub(viewer).createNetwork(network));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(refusal.getStatus().getDescription()).contains("role viewer", "needs operator");
        assertThat(NetworkServiceGrpc.newBlockingStub(operator)
                        .createNetwork(network)
                        .getName())
                .isEqualTo("net");
        assertThat(catchThrowableOfType(
                                StatusRuntimeException.class,
                                () -> TrustServiceGrpc.newBlockingStub(operator)
                                        .createJoinToken(CreateJoinTokenRequest.getDefaultInstance()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        withdrawalsAreAudited();
        assertThat(exec(operator).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        // Allowed, and then there is no such sandbox.
        assertThat(exec(controlPlane.user(Role.ADMIN)).getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(Files.readAllLines(controlPlane.auditLog()))
                .anyMatch(line -> line.contains("ExecService/Exec")
                        && line.contains("\"what\":\"sandbox web, command sh\"")
                        && line.contains("STARTED"))
                .noneMatch(line -> line.contains("a-secret"));
    }

    /** By its id; a token given by mistake in its place is a secret. */
    private void withdrawalsAreAudited() throws IOException {
        var admin = TrustServiceGrpc.newBlockingStub(controlPlane.user(Role.ADMIN));
        CreateJoinTokenResponse token = admin.createJoinToken(CreateJoinTokenRequest.getDefaultInstance());
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> admin.withdrawJoinToken(WithdrawJoinTokenRequest.newBuilder()
                        .setId(token.getToken())
                        .build()));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(admin.withdrawJoinToken(WithdrawJoinTokenRequest.newBuilder()
                                .setId(token.getId())
                                .build())
                        .getId())
                .isEqualTo(token.getId());
        assertThat(admin.listJoinTokens(ListJoinTokensRequest.getDefaultInstance())
                        .getTokensList())
                .isEmpty();
        assertThat(Files.readAllLines(controlPlane.auditLog()))
                .anyMatch(line -> line.contains("TrustService/WithdrawJoinToken")
                        && line.contains("\"what\":\"token " + token.getId() + "\"")
                        && line.contains("\"outcome\":\"OK\""))
                .noneMatch(line -> line.contains(token.getToken()));
    }

    private static Status exec(Channel channel) {
        CompletableFuture<Status> end = new CompletableFuture<>();
        StreamObserver<ExecRequest> requests = ExecServiceGrpc.newStub(channel).exec(new StreamObserver<>() {
            @Override
            public void onNext(ExecReply reply) {}

            @Override
            public void onError(Throwable failure) {
                end.complete(Status.fromThrowable(failure));
            }

            @Override
            public void onCompleted() {
                end.complete(Status.OK);
            }
        });
        requests.onNext(ExecRequest.newBuilder()
                .setStart(ExecStart.newBuilder()
                        .setSandbox("web")
                        .addCommand("sh")
                        .addCommand("a-secret"))
                .build());
        return end.join();
    }

    @Test
    void eventsOverHttpAreForWhoMayRead() throws Exception {
        KeyAndChain viewer = controlPlane.certificate(new Identity.User("reader", Role.VIEWER));
        KeyAndChain node = controlPlane.certificate(new Identity.Node("h1", Optional.empty()));
        assertThat(firstLineOfEvents(Optional.of(node))).contains("403");
        assertThat(catchThrowableOfType(IOException.class, () -> firstLineOfEvents(Optional.empty())))
                .isNotNull();

        try (SSLSocket socket = connect(Optional.of(viewer))) {
            BufferedReader lines = ask(socket);
            assertThat(lines.readLine()).contains("200");
            var unused = TrustServiceGrpc.newBlockingStub(controlPlane.user(Role.ADMIN))
                    .revokeCertificate(RevokeCertificateRequest.newBuilder()
                            .setCertificate("user/reader")
                            .build());
            // Until the end of the stream, which only the server can bring about.
            socket.setSoTimeout((int) SOON.toMillis());
            while (lines.readLine() != null) {
                continue;
            }
        }
        assertThat(firstLineOfEvents(Optional.of(viewer))).contains("403");
    }

    private String firstLineOfEvents(Optional<KeyAndChain> own) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect(own)) {
            String line = ask(socket).readLine();
            if (line == null) {
                throw new IOException("the connection was closed");
            }
            return line;
        }
    }

    private static BufferedReader ask(SSLSocket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private SSLSocket connect(Optional<KeyAndChain> own) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                own.map(material -> new KeyManager[] {new OwnKeyManager(() -> material)})
                        .orElse(new KeyManager[0]),
                new TrustManager[] {TrustManagers.ofServers(List.of(authority.certificate()))},
                null);
        return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", controlPlane.httpPort());
    }
}
