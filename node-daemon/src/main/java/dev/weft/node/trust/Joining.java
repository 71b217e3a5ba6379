package dev.weft.node.trust;

import com.google.protobuf.ByteString;
import dev.weft.node.dial.ControlPlaneChannel;
import dev.weft.node.dial.ControlPlaneTarget;
import dev.weft.trust.JoinToken;
import dev.weft.trust.PemFiles;
import dev.weft.trust.SigningRequests;
import dev.weft.trust.TlsFailure;
import dev.weft.trust.TrustException;
import dev.weft.trust.TrustManagers;
import dev.weft.trust.v1.JoinRequest;
import dev.weft.trust.v1.JoinResponse;
import dev.weft.trust.v1.TrustServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a node its first certificate. The control plane is known by the token before the token's secret goes to it; the
 * private key never leaves the host.
 */
public final class Joining {

    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private Joining() {}

    /**
     * The node's certificate: the one that it has, or one that it gets by the token. A control plane that does not answer is
     * asked again until it does.
     *
     * @param directory for private files
     * @throws TrustException if there is neither, or the token is refused
     * @throws IOException if a file cannot be written
     */
    public static NodeCertificate certificate(
            Path directory,
            String name,
            ControlPlaneTarget controlPlane,
            Optional<JoinToken> token,
            EventLoopGroup loops)
            throws IOException {
        boolean fresh = token.isPresent() && !NodeCertificate.isFrom(directory, token.get());
        if (fresh) {
            return join(directory, name, controlPlane, token.get(), loops);
        }
        return NodeCertificate.load(directory, name)
                .orElseThrow(() -> new TrustException("node " + name + " has not joined the cluster of " + controlPlane
                        + ": make a token there with weft node token create and start with --join TOKEN; or give"
                        + " --insecure if the control plane runs with it"));
    }

    private static NodeCertificate join(
            Path directory, String name, ControlPlaneTarget controlPlane, JoinToken token, EventLoopGroup loops)
            throws IOException {
        KeyPair keys = NodeCertificate.pendingKey(directory, token);
        ManagedChannel channel = ControlPlaneChannel.secure(
                        controlPlane, loops, TrustManagers.ofServers(token), Optional.empty())
                .build();
        try {
            JoinResponse answer = ask(channel, name, controlPlane, token, keys);
            X509Certificate certificate =
                    PemFiles.certificate(answer.getCertificate().toByteArray(), "the control plane's answer");
            List<X509Certificate> authorities = answer.getAuthoritiesList().stream()
                    .map(der -> PemFiles.certificate(der.toByteArray(), "the control plane's answer"))
                    .filter(token::isOf)
                    .toList();
            if (authorities.isEmpty()) {
                throw new TrustException("the control plane at " + controlPlane
                        + " answered without the certificate of the authority that the token names");
            }
            NodeCertificate joined =
                    NodeCertificate.save(directory, name, token, keys.getPrivate(), certificate, authorities);
            LOG.info("Joined the cluster of {} as node {}; the certificate is {}", controlPlane, name, joined.file());
            return joined;
        } finally {
            channel.shutdownNow();
        }
    }

    private static JoinResponse ask(
            ManagedChannel channel, String name, ControlPlaneTarget controlPlane, JoinToken token, KeyPair keys) {
        JoinRequest request = JoinRequest.newBuilder()
                .setSecret(token.secret())
                .setNode(name)
                .setSigningRequest(ByteString.copyFrom(SigningRequests.create(keys)))
                .build();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return TrustServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .join(request);
            } catch (StatusRuntimeException e) {
                Optional<String> tls = TlsFailure.explain(e);
                if (tls.isPresent() || !isPassing(e.getStatus().getCode())) {
                    throw new TrustException(
                            "joining the cluster of " + controlPlane + " as node " + name + " failed: "
                                    + tls.orElseGet(
                                            () -> String.valueOf(e.getStatus().getDescription())),
                            e);
                }
                LOG.warn(
                        "The control plane at {} cannot be asked to join ({}); trying again",
                        controlPlane,
                        e.getStatus());
            }
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private static boolean isPassing(Status.Code code) {
        return switch (code) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, UNKNOWN, CANCELLED -> true;
            default -> false;
        };
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrustException("interrupted while joining", e);
        }
    }
}
