package dev.weft.lab;

import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.TrustException;
import dev.weft.trust.v1.CreateJoinTokenRequest;
import dev.weft.trust.v1.TrustServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a lab's processes know each other: as in a cluster, by an authority of its own, and the hosts join with tokens. Unlike
 * in a cluster, who uses a host's socket may do everything, so that tests can run each command on each host.
 */
public final class LabTrust {

    /** Whether processes know each other by certificates. */
    public enum Security {
        CERTIFICATES,
        /** All run with {@code --insecure}. */
        NONE;

        /** Certificates, unless the environment has WEFT_LAB_INSECURE. */
        public static Security ofEnvironment() {
            return Optional.ofNullable(System.getenv("WEFT_LAB_INSECURE")).isPresent() ? NONE : CERTIFICATES;
        }
    }

    private static final int TOKEN_SECONDS = 15;

    private final Path directory;

    private LabTrust(Path directory) {
        this.directory = directory;
    }

    static LabTrust of(LabSpec spec) {
        return new LabTrust(spec.directory().resolve("ca"));
    }

    void init(Security security, String cluster) {
        if (security == Security.CERTIFICATES) {
            try {
                var unused = CertificateAuthority.init(directory, cluster, Instant.now());
            } catch (TrustException e) {
                throw new LabException("make the lab's certificate authority: " + e.getMessage(), e);
            }
        }
    }

    private boolean isSecure() {
        return Files.isDirectory(directory);
    }

    /** The directory of the lab's authority; empty in a lab without certificates. */
    public Optional<Path> authority() {
        return isSecure() ? Optional.of(directory) : Optional.empty();
    }

    List<String> controlPlaneArguments() {
        return isSecure() ? List.of("--ca-dir", directory.toString()) : List.of("--insecure");
    }

    /** For a host that joins now. */
    List<String> nodeArguments(List<Path> controlPlaneSockets, LabHost host) {
        return isSecure() ? List.of("--join", token(controlPlaneSockets, host.name())) : List.of("--insecure");
    }

    /** Of the first control plane that makes one: a test may have ended others. */
    private static String token(List<Path> controlPlaneSockets, String node) {
        LabException failure = new LabException("make a join token for " + node + ": the lab has no control plane");
        for (Path socket : controlPlaneSockets) {
            try {
                return token(socket, node);
            } catch (LabException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private static String token(Path controlPlaneSocket, String node) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(controlPlaneSocket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .eventLoopGroup(loop)
                .overrideAuthority("localhost")
                .usePlaintext()
                .build();
        try {
            return TrustServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(TOKEN_SECONDS, TimeUnit.SECONDS)
                    .createJoinToken(CreateJoinTokenRequest.newBuilder()
                            .setNode(node)
                            .setSocketRole("admin")
                            .build())
                    .getToken();
        } catch (StatusRuntimeException e) {
            throw new LabException("make a join token for " + node + ": " + e.getMessage(), e);
        } finally {
            channel.shutdownNow();
            var unusedEnd = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
