package dev.weft.node.trust;

import com.google.protobuf.ByteString;
import dev.weft.trust.KeyAndChain;
import dev.weft.trust.Keys;
import dev.weft.trust.PemFiles;
import dev.weft.trust.SigningRequests;
import dev.weft.trust.TrustException;
import dev.weft.trust.v1.RenewRequest;
import dev.weft.trust.v1.RenewResponse;
import dev.weft.trust.v1.TrustServiceGrpc;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the node's certificate, with a new key, when two thirds of its life are over: over the connection that there is,
 * which goes on by that. The new one is used when the next connection is made.
 */
public final class Renewal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    /** Of the time that is left, how many tries it is good for. */
    private static final int TRIES = 10;

    private final NodeCertificate certificate;
    private final Channel channel;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("renewal").unstarted(this::run);

    /** @param channel to the control plane; stays the caller's to shut down */
    public Renewal(NodeCertificate certificate, Channel channel, InstantSource clock) {
        this.certificate = certificate;
        this.channel = channel;
        this.clock = clock;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            Duration wait = untilRenewal();
            while (!closing.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                wait = renew() ? untilRenewal() : untilNextTry();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration untilRenewal() {
        return atLeast(Duration.between(clock.instant(), certificate.get().renewalTime()));
    }

    private Duration untilNextTry() {
        Instant end = certificate.get().certificate().getNotAfter().toInstant();
        Duration part = atLeast(Duration.between(clock.instant(), end).dividedBy(TRIES));
        return part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE;
    }

    private static Duration atLeast(Duration wait) {
        return wait.compareTo(SHORTEST_PAUSE) > 0 ? wait : SHORTEST_PAUSE;
    }

    private boolean renew() {
        Instant end = certificate.get().certificate().getNotAfter().toInstant();
        try {
            KeyPair keys = Keys.generate();
            RenewResponse answer = TrustServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .renew(RenewRequest.newBuilder()
                            .setSigningRequest(ByteString.copyFrom(SigningRequests.create(keys)))
                            .build());
            certificate.renewed(new KeyAndChain(
                    keys.getPrivate(),
                    List.of(PemFiles.certificate(
                            answer.getCertificate().toByteArray(), "the control plane's answer"))));
            LOG.info(
                    "The node's certificate was renewed and is good until {}",
                    certificate.get().certificate().getNotAfter().toInstant());
            return true;
        } catch (StatusRuntimeException e) {
            LOG.warn(
                    "The node's certificate, which ends at {}, was not renewed ({}); trying again", end, e.getStatus());
        } catch (IOException | TrustException e) {
            LOG.error("The node's certificate, which ends at {}, was not renewed; trying again", end, e);
        }
        return false;
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
    }
}
