package dev.weft.controlplane.callers;

import dev.weft.controlplane.authorization.Caller;
import dev.weft.controlplane.authorization.Caller.Rejected.Ground;
import dev.weft.controlplane.model.Revocation;
import dev.weft.controlplane.trust.Revocations;
import dev.weft.trust.Certificates;
import dev.weft.trust.TrustException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The other end of one connection. Its certificates are the one that it was opened with and the newest that was issued over
 * it since: who renews in time may keep its connection.
 */
public final class Peer {

    /** How long a connection may stay that proves nothing: joining takes moments. */
    private static final Duration STRANGERS_TIME = Duration.ofSeconds(30);

    private final Caller fixed;
    private final Optional<SocketAddress> remote;
    private final Instant since;
    /** None, the one that was shown, or that one and the newest. */
    private final List<X509Certificate> certificates = new CopyOnWriteArrayList<>();

    private Peer(Caller fixed, Optional<SocketAddress> remote, Instant since) {
        this.fixed = fixed;
        this.remote = remote;
        this.since = since;
    }

    /** Of the control plane's own unix socket. */
    public static Peer ofUnixSocket(Instant now) {
        return new Peer(new Caller.Local(), Optional.empty(), now);
    }

    /** Of a connection by TCP that proves nothing. */
    public static Peer unchecked(Optional<SocketAddress> remote, Instant now) {
        return new Peer(new Caller.Unchecked(), remote, now);
    }

    /** Of a connection by TLS, whose other end may have shown a certificate. */
    public static Peer ofTls(@Nullable SSLSession session, Optional<SocketAddress> remote, Instant now) {
        Peer peer = new Peer(new Caller.Stranger(), remote, now);
        certificate(session).ifPresent(peer.certificates::add);
        return peer;
    }

    private static Optional<X509Certificate> certificate(@Nullable SSLSession session) {
        try {
            return session != null && session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            // No certificate was shown, which TLS here does not ask for.
            return Optional.empty();
        }
    }

    /** Who it is at this time. */
    public Caller caller(Revocations revocations, Instant now) {
        if (certificates.isEmpty()) {
            return fixed;
        }
        try {
            String subject = Certificates.identity(certificates.getFirst()).subject();
            for (X509Certificate certificate : certificates) {
                Optional<Revocation> revoked = revocations.of(certificate);
                if (revoked.isPresent()) {
                    return rejected(subject, certificate, revoked.get());
                }
            }
            X509Certificate newest = certificates.getLast();
            Instant begin = certificates.getFirst().getNotBefore().toInstant();
            Instant end = newest.getNotAfter().toInstant();
            if (now.isBefore(begin)) {
                return new Caller.Rejected(
                        subject,
                        Ground.DOES_NOT_COUNT,
                        "the certificate of " + subject + " is not valid before " + begin + ", and it is " + now
                                + " here: compare the clocks");
            }
            if (now.isAfter(end)) {
                return new Caller.Rejected(
                        subject,
                        Ground.DOES_NOT_COUNT,
                        "the certificate of " + subject + " expired at " + end + ", and it is " + now
                                + " here: have another issued, a node's with a new join token");
            }
            return new Caller.Certified(Certificates.identity(newest));
        } catch (TrustException e) {
            return new Caller.Rejected("nobody", Ground.DOES_NOT_COUNT, String.valueOf(e.getMessage()));
        }
    }

    private static Caller.Rejected rejected(String subject, X509Certificate certificate, Revocation revoked) {
        return switch (revoked.occasion()) {
            case REVOKED ->
                new Caller.Rejected(
                        subject,
                        Ground.DOES_NOT_COUNT,
                        "the certificate of " + subject + " (serial " + Certificates.serial(certificate)
                                + ") was revoked at " + revoked.revokeTime() + ": have another issued");
            case NODE_REMOVED ->
                new Caller.Rejected(
                        subject,
                        Ground.NODE_REMOVED,
                        subject + " was removed from the cluster at " + revoked.revokeTime()
                                + ", and its certificates with it: if it is to be in it again, join it anew with a token"
                                + " (weft node token create)");
        };
    }

    /** When the certificate became valid that the connection was opened with. */
    public Optional<Instant> certifiedSince() {
        return certificates.stream()
                .findFirst()
                .map(certificate -> certificate.getNotBefore().toInstant());
    }

    /** From now on this certificate counts for the connection, too. */
    public synchronized void renewed(X509Certificate certificate) {
        while (certificates.size() > 1) {
            certificates.removeLast();
        }
        certificates.add(certificate);
    }

    /** Whether the connection should end: what it was opened with does not count any more, or it never proved anything. */
    public boolean isOver(Revocations revocations, Instant now) {
        return switch (caller(revocations, now)) {
            case Caller.Rejected _ -> now.isAfter(since.plusSeconds(1));
            case Caller.Stranger _ -> now.isAfter(since.plus(STRANGERS_TIME));
            case Caller.Local _, Caller.Unchecked _, Caller.Certified _ -> false;
        };
    }

    public Optional<SocketAddress> remote() {
        return remote;
    }

    /** Without the port, which changes with each connection. */
    public String address() {
        return remote.map(address -> address instanceof InetSocketAddress inet
                        ? inet.getAddress().getHostAddress()
                        : address.toString())
                .orElse("");
    }
}
