package dev.weft.controlplane.trust;

import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.EntityKey;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.IssuedCertificate;
import dev.weft.controlplane.model.JoinTokenRecord;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Revocation;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.trust.Certificates;
import dev.weft.trust.Identity;
import dev.weft.trust.JoinToken;
import dev.weft.trust.PemFiles;
import dev.weft.trust.Role;
import dev.weft.trust.SigningRequests;
import dev.weft.trust.TrustException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Use cases about certificates: join, renew, issue, list, revoke. */
public final class TrustOperations {

    public static final Duration DEFAULT_NODE_LIFETIME = Duration.ofDays(30);

    private static final Duration DEFAULT_USER_LIFETIME = Duration.ofDays(90);
    private static final Duration DEFAULT_TOKEN_LIFETIME = Duration.ofHours(1);
    private static final Duration SHORTEST_TOKEN_LIFETIME = Duration.ofMinutes(1);
    private static final Duration LONGEST_TOKEN_LIFETIME = Duration.ofDays(7);

    /** Longer than any certificate lives whose own end is not known here. */
    private static final Duration REVOCATION_LIFETIME = Duration.ofDays(3653);

    private static final int ATTEMPTS_AT_A_TOKEN = 8;
    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{16,40}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{22,64}");

    private final Store store;
    private final CertificateList list;
    private final Optional<Signer> signer;
    private final Duration nodeLifetime;
    private final Clock clock;

    /** One host that starts over and over gets no further than its own bucket; a thousand hosts at once do get on. */
    private final Attempts attempts = new Attempts(1, 10, 50, 200);

    /** Each leaves a record until it expires: a node must not fill the store with them. */
    private final Attempts renewals = new Attempts(0.2, 10, 100, 1000);

    /** A certificate, and whom to trust. */
    public record Issued(X509Certificate certificate, X509Certificate authority) {}

    /** A token as its maker gets it, the only time that anybody does. */
    public record Token(String id, String text, Instant expireTime) {}

    /**
     * A certificate as it is listed.
     *
     * @param serial empty where it stands for all that the subject had
     */
    public record Listed(
            Optional<String> serial,
            String subject,
            Optional<Role> role,
            Optional<Instant> issueTime,
            Instant expireTime,
            Optional<Instant> revokeTime) {}

    /**
     * @param signer where this control plane has the authority's key
     * @param nodeLifetime of nodes' certificates
     */
    public TrustOperations(
            Store store, Revocations revocations, Optional<Signer> signer, Duration nodeLifetime, Clock clock) {
        this.store = store;
        this.list = new CertificateList(store, revocations);
        this.signer = signer;
        this.nodeLifetime = nodeLifetime;
        this.clock = clock;
    }

    /**
     * A node's first certificate. A token is good for one; whoever asks again with the same key gets the same again, since
     * the first answer may have been lost.
     *
     * @param address where the call comes from: each may try now and then only
     */
    public Issued join(String secret, String node, byte[] signingRequest, String address) {
        Instant now = clock.instant();
        if (!attempts.take(address, now)) {
            throw new ServiceException(
                    Reason.TOO_MANY_CALLS, "too many hosts want to join at once, or this one tries too often; later");
        }
        Signer signs = signer();
        NodeName name = nodeName("node", node);
        PublicKey key = publicKey(signingRequest);
        if (!SECRET.matcher(secret).matches()) {
            throw refused("the token is not known here");
        }
        String tokenKey = Keys.joinToken(JoinToken.hash(secret));
        String keyHash = HexFormat.of().formatHex(Certificates.sha256(key.getEncoded()));
        for (int attempt = 0; attempt < ATTEMPTS_AT_A_TOKEN; attempt++) {
            Entry entry = store.get(tokenKey).orElseThrow(() -> refused("the token is not known here"));
            JoinTokenRecord token = ModelCodec.JOIN_TOKEN.decode(entry.key(), entry.value());
            if (!now.isBefore(token.expireTime())) {
                throw refused("the token expired at " + token.expireTime());
            }
            if (token.use().isPresent()) {
                return again(token.use().get(), name, keyHash, signs);
            }
            requireFor(token, name);
            Identity.Node identity = new Identity.Node(name.value(), token.socketRole());
            X509Certificate certificate = signs.issue(key, identity, List.of(), nodeLifetime);
            JoinTokenRecord.Use use = new JoinTokenRecord.Use(
                    name,
                    now.truncatedTo(ChronoUnit.MICROS),
                    keyHash,
                    HexFormat.of().formatHex(Certificates.encoded(certificate)));
            CommitResult result = store.commit(Transaction.builder()
                    .whenUnchanged(entry)
                    .put(tokenKey, ModelCodec.JOIN_TOKEN.encode(token.usedBy(use)))
                    .put(
                            Keys.certificate(Certificates.serial(certificate)),
                            ModelCodec.ISSUED_CERTIFICATE.encode(Signer.record(identity, certificate)))
                    .build());
            if (result instanceof CommitResult.Committed) {
                return new Issued(certificate, signs.authority());
            }
        }
        throw new ServiceException(Reason.CONTENTION, "others tried the same token at the same time; try again");
    }

    private static Issued again(JoinTokenRecord.Use use, NodeName name, String keyHash, Signer signs) {
        if (!use.keyHash().equals(keyHash) || !use.node().equals(name)) {
            throw refused("the token was used at " + use.time() + " by node " + use.node());
        }
        return new Issued(
                PemFiles.certificate(HexFormat.of().parseHex(use.certificate()), "the store"), signs.authority());
    }

    /** A token that names no node must not let its user become a node that is there already. */
    private void requireFor(JoinTokenRecord token, NodeName name) {
        if (token.node().isPresent()) {
            if (!token.node().get().equals(name)) {
                throw refused("the token is for node " + token.node().get() + ", not for " + name);
            }
            return;
        }
        String subject = "node/" + name;
        boolean certified = certificates().stream()
                .anyMatch(found ->
                        found.subject().equals(subject) && found.revokeTime().isEmpty());
        if (certified || store.get(Keys.node(name)).isPresent()) {
            throw refused(
                    "there is a node " + name + " already, and the token names none: if it is to join again, use a"
                            + " token that names it (weft node token create --node " + name + ")");
        }
    }

    /**
     * The next certificate for who has one. Whether that still counts is asked of the store: this replica may not have heard
     * yet that it was revoked.
     *
     * @param since when the one that the node has became valid
     */
    public Issued renew(Identity.Node identity, Instant since, byte[] signingRequest) {
        if (!renewals.take(identity.subject(), clock.instant())) {
            throw new ServiceException(
                    Reason.TOO_MANY_CALLS, "node " + identity.name() + " renews its certificate too often; later");
        }
        Signer signs = signer();
        PublicKey key = publicKey(signingRequest);
        String revocationKey = Keys.revokedSubject(identity.subject());
        Optional<Entry> revocation = store.get(revocationKey);
        revocation
                .map(entry -> ModelCodec.REVOCATION.decode(entry.key(), entry.value()))
                .filter(revoked -> !since.isAfter(revoked.revokeTime()))
                .ifPresent(revoked -> {
                    throw new ServiceException(
                            Reason.NO_IDENTITY,
                            "the certificate of " + identity.subject() + " was revoked at " + revoked.revokeTime()
                                    + ": join anew with a token");
                });
        Transaction.Builder transaction = Transaction.builder();
        revocation.ifPresentOrElse(
                transaction::whenUnchanged, () -> transaction.when(new Compare.Absent(revocationKey)));
        return issue(signs, key, identity, nodeLifetime, transaction);
    }

    /** A user's certificate. */
    public Issued issueUser(String user, String role, byte[] signingRequest, Optional<Duration> lifetime) {
        Signer signs = signer();
        Identity.User identity = new Identity.User(user("user", user), role("role", role));
        Duration life = lifetime.orElse(DEFAULT_USER_LIFETIME);
        if (life.compareTo(Duration.ofMinutes(1)) < 0 || life.compareTo(IssuedCertificate.LONGEST_LIFETIME) > 0) {
            throw ServiceException.invalid("lifetime", "lifetime: it should be one minute to 825 days");
        }
        return issue(signs, publicKey(signingRequest), identity, life, Transaction.builder());
    }

    private Issued issue(
            Signer signs, PublicKey key, Identity identity, Duration lifetime, Transaction.Builder transaction) {
        X509Certificate certificate = signs.issue(key, identity, List.of(), lifetime);
        CommitResult result = store.commit(transaction
                .put(
                        Keys.certificate(Certificates.serial(certificate)),
                        ModelCodec.ISSUED_CERTIFICATE.encode(Signer.record(identity, certificate)))
                .build());
        if (!(result instanceof CommitResult.Committed)) {
            throw new ServiceException(
                    Reason.CONTENTION,
                    "certificates of " + identity.subject() + " were revoked at the same moment; try again");
        }
        return new Issued(certificate, signs.authority());
    }

    /** A token for one node. */
    public Token createToken(
            Optional<String> node, Optional<String> socketRole, Optional<Duration> lifetime, String creator) {
        Signer signs = signer();
        Duration life = lifetime.orElse(DEFAULT_TOKEN_LIFETIME);
        if (life.compareTo(SHORTEST_TOKEN_LIFETIME) < 0 || life.compareTo(LONGEST_TOKEN_LIFETIME) > 0) {
            throw ServiceException.invalid("lifetime", "lifetime: it should be one minute to seven days");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        JoinTokenRecord token = new JoinTokenRecord(
                node.map(text -> nodeName("node", text)),
                socketRole.map(text -> role("socket_role", text)),
                now,
                now.plus(life),
                creator,
                Optional.empty());
        JoinToken made = JoinToken.create(signs.authority());
        String hash = JoinToken.hash(made.secret());
        store.commit(Transaction.builder()
                .put(Keys.joinToken(hash), ModelCodec.JOIN_TOKEN.encode(token))
                .build());
        return new Token(JoinTokens.id(hash), made.text(), token.expireTime());
    }

    /** The tokens that were made. */
    public JoinTokens tokens() {
        return new JoinTokens(store);
    }

    /** What was issued, and what is revoked, by subject. */
    public List<Listed> certificates() {
        return list.all();
    }

    /**
     * Revokes one certificate, or all that a subject has up to now.
     *
     * @param reference serial number, {@code kind/name}, or a name that one subject of those listed has
     * @return what was revoked
     */
    public String revoke(String reference, String revoker) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Optional<Listed> bySerial = certificates().stream()
                .filter(found -> found.serial().equals(Optional.of(reference)))
                .findFirst();
        String key;
        String revoked;
        Instant expireTime;
        if (bySerial.isPresent() || SERIAL.matcher(reference).matches()) {
            key = Keys.revokedSerial(reference);
            revoked = reference;
            expireTime = bySerial.map(Listed::expireTime).orElse(now.plus(REVOCATION_LIFETIME));
        } else {
            revoked = list.subject(reference);
            key = Keys.revokedSubject(revoked);
            expireTime = now.plus(REVOCATION_LIFETIME);
        }
        store.commit(Transaction.builder()
                .put(
                        key,
                        ModelCodec.REVOCATION.encode(
                                new Revocation(now, expireTime, revoker, Revocation.Occasion.REVOKED)))
                .build());
        return revoked;
    }

    /** Removes what has expired, in steps, each under the conditions. */
    public void forgetExpired(List<Compare> conditions) {
        Instant now = clock.instant();
        int most = Store.MAX_TRANSACTION_OPERATIONS - conditions.size() - 1;
        List<Entry> expired = store.list(Keys.TRUST).entries().stream()
                .filter(entry -> expireTime(entry).filter(now::isAfter).isPresent())
                .toList();
        for (int begin = 0; begin < expired.size(); begin += most) {
            Transaction.Builder transaction = Transaction.builder();
            conditions.forEach(transaction::when);
            expired.subList(begin, Math.min(expired.size(), begin + most))
                    .forEach(entry -> transaction.delete(entry.key()));
            store.commit(transaction.build());
        }
    }

    private static Optional<Instant> expireTime(Entry entry) {
        return switch (EntityKey.parse(entry.key()).orElse(null)) {
            case EntityKey.OfJoinToken _ ->
                Optional.of(
                        ModelCodec.JOIN_TOKEN.decode(entry.key(), entry.value()).expireTime());
            case EntityKey.OfCertificate _ ->
                Optional.of(ModelCodec.ISSUED_CERTIFICATE
                        .decode(entry.key(), entry.value())
                        .expireTime());
            case EntityKey.OfRevokedSerial _, EntityKey.OfRevokedSubject _ ->
                Optional.of(
                        ModelCodec.REVOCATION.decode(entry.key(), entry.value()).expireTime());
            case null, default -> Optional.empty();
        };
    }

    private Signer signer() {
        return signer.orElseThrow(() -> new ServiceException(
                Reason.NO_AUTHORITY,
                "this control plane does not have the key of the cluster's certificate authority: ask one that was"
                        + " started with --ca-dir"));
    }

    private static ServiceException refused(String why) {
        return new ServiceException(
                Reason.TOKEN_REFUSED, "cannot join: " + why + "; make a token with weft node token create");
    }

    private static NodeName nodeName(String field, String text) {
        try {
            return new NodeName(text);
        } catch (IllegalArgumentException e) {
            throw ServiceException.invalid(field, field + ": " + e.getMessage());
        }
    }

    private static String user(String field, String text) {
        if (!Identity.NAME.matcher(text).matches()) {
            throw ServiceException.invalid(
                    field,
                    field + ": invalid name '" + text + "': it should have 1 to 63 letters, digits, '-', '_' or '.'");
        }
        return text;
    }

    private static Role role(String field, String text) {
        try {
            return Role.parse(text);
        } catch (IllegalArgumentException e) {
            throw ServiceException.invalid(field, field + ": " + e.getMessage());
        }
    }

    private static PublicKey publicKey(byte[] signingRequest) {
        try {
            return SigningRequests.publicKey(signingRequest);
        } catch (TrustException e) {
            throw ServiceException.invalid("signing_request", "signing_request: " + e.getMessage());
        }
    }
}
