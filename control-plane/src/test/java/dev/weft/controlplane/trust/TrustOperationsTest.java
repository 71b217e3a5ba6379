package dev.weft.controlplane.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.JoinTokenRecord;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Revocation;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.trust.TrustOperations.Issued;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Certificates;
import dev.weft.trust.Identity;
import dev.weft.trust.JoinToken;
import dev.weft.trust.Role;
import dev.weft.trust.SigningRequests;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens, renewal and revocation over a real store. */
final class TrustOperationsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };
    private final Store store;
    private final Revocations revocations;
    private final CertificateAuthority authority;
    private final TrustOperations trust;
    private int address;

    TrustOperationsTest(@TempDir Path directory) {
        store = SqliteStore.open(SqliteStoreConfig.in(directory.resolve("state")));
        revocations = Revocations.follow(store);
        authority = CertificateAuthority.init(directory.resolve("ca"), "test", now);
        trust = new TrustOperations(
                store, revocations, Optional.of(new Signer(authority, revocations, clock)), Duration.ofDays(30), clock);
    }

    @AfterEach
    void close() {
        revocations.close();
        store.close();
    }

    private static byte[] request(KeyPair keys) {
        return SigningRequests.create(keys);
    }

    private static byte[] request() {
        return request(dev.weft.trust.Keys.generate());
    }

    /** From another address each time, so that only the test about it meets the bound on attempts. */
    private Issued join(JoinToken token, String node, byte[] request) {
        return trust.join(token.secret(), node, request, "192.0.2." + address++ % 250);
    }

    private JoinToken token(Optional<String> node) {
        return JoinToken.parse(trust.createToken(node, Optional.empty(), Optional.empty(), "local")
                .text());
    }

    private static void refused(Reason reason, String text, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(text);
    }

    @Test
    void aTokenNamesTheAuthorityAndGivesTheNodeItsIdentity() throws Exception {
        JoinToken token =
                JoinToken.parse(trust.createToken(Optional.of("h1"), Optional.of("operator"), Optional.empty(), "local")
                        .text());
        assertThat(token.isOf(authority.certificate())).isTrue();

        Issued issued = join(token, "h1", request());
        issued.certificate().verify(authority.certificate().getPublicKey());
        assertThat(Certificates.identity(issued.certificate()))
                .isEqualTo(new Identity.Node("h1", Optional.of(Role.OPERATOR)));
        assertThat(issued.certificate().getNotAfter().toInstant()).isEqualTo(now.plus(Duration.ofDays(30)));
        assertThat(trust.certificates()).singleElement().satisfies(listed -> {
            assertThat(listed.subject()).isEqualTo("node/h1");
            assertThat(listed.revokeTime()).isEmpty();
        });
    }

    @Test
    void theStoreKeepsNoSecret() {
        JoinToken token = token(Optional.empty());
        assertThat(store.list("").entries())
                .noneMatch(entry -> entry.key().contains(token.secret())
                        || entry.value().toStringUtf8().contains(token.secret()));
    }

    @Test
    void aTokenIsGoodOnce() {
        JoinToken token = token(Optional.empty());
        Issued first = join(token, "h1", request());
        assertThat(first.certificate()).isNotNull();
        refused(Reason.TOKEN_REFUSED, "was used at " + now + " by node h1", () -> join(token, "h1", request()));
        refused(Reason.TOKEN_REFUSED, "was used", () -> join(token, "h2", request()));
    }

    @Test
    void whoLostTheAnswerGetsItAgain() {
        JoinToken token = token(Optional.empty());
        byte[] request = request();
        Issued first = join(token, "h1", request);
        Issued again = join(token, "h1", request);
        assertThat(again.certificate()).isEqualTo(first.certificate());
        refused(Reason.TOKEN_REFUSED, "was used", () -> join(token, "h2", request));
    }

    @Test
    void unknownExpiredForeignAndMalformedAreRefused() {
        JoinToken other = JoinToken.create(authority.certificate());
        refused(Reason.TOKEN_REFUSED, "not known", () -> join(other, "h1", request()));
        refused(Reason.TOKEN_REFUSED, "not known", () -> trust.join("x", "h1", request(), "192.0.2.251"));

        JoinToken bound = token(Optional.of("h1"));
        refused(Reason.TOKEN_REFUSED, "is for node h1, not for h2", () -> join(bound, "h2", request()));
        refused(Reason.INVALID_REQUEST, "invalid node name", () -> join(bound, "H 1", request()));
        refused(Reason.INVALID_REQUEST, "damaged", () -> join(bound, "h1", new byte[] {1, 2, 3}));
        byte[] spoilt = request();
        spoilt[spoilt.length - 1] ^= 1;
        refused(Reason.INVALID_REQUEST, "signing_request", () -> join(bound, "h1", spoilt));

        now = now.plus(Duration.ofHours(1));
        refused(Reason.TOKEN_REFUSED, "expired at", () -> join(bound, "h1", request()));
    }

    @Test
    void aTokenForAnybodyDoesNotMakeItsUserANodeThatIsThere() {
        Issued first = join(token(Optional.empty()), "h1", request());
        assertThat(first.certificate()).isNotNull();
        refused(
                Reason.TOKEN_REFUSED,
                "there is a node h1 already",
                () -> join(token(Optional.empty()), "h1", request()));
        Issued again = join(token(Optional.of("h1")), "h1", request());
        assertThat(again.certificate()).isNotEqualTo(first.certificate());
    }

    @Test
    void ofManyThatUseOneTokenAtOnceOneJoins() throws Exception {
        int hosts = 8;
        JoinToken token = token(Optional.empty());
        CyclicBarrier start = new CyclicBarrier(hosts);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> joins = new ArrayList<>();
            for (int i = 1; i <= hosts; i++) {
                String node = "h" + i;
                byte[] request = request();
                Callable<Boolean> attempt = () -> {
                    start.await();
                    try {
                        return trust.join(token.secret(), node, request, "198.51.100." + node.substring(1))
                                        .certificate()
                                != null;
                    } catch (ServiceException e) {
                        assertThat(e.reason()).isEqualTo(Reason.TOKEN_REFUSED);
                        return false;
                    }
                };
                joins.add(executor.submit(attempt));
            }
            int joined = 0;
            for (Future<Boolean> join : joins) {
                joined += join.get() ? 1 : 0;
            }
            assertThat(joined).isEqualTo(1);
        }
        assertThat(store.list(Keys.CERTIFICATES).entries()).hasSize(1);
    }

    @Test
    void tokensAreListedWithoutTheirSecretsAndCanBeWithdrawn() {
        TrustOperations.Token bound =
                trust.createToken(Optional.of("h1"), Optional.of("operator"), Optional.empty(), "user/alice");
        now = now.plusSeconds(1);
        TrustOperations.Token open =
                trust.createToken(Optional.empty(), Optional.empty(), Optional.of(Duration.ofDays(1)), "local");
        assertThat(trust.tokens().all()).extracting(JoinTokens.Listed::id).containsExactly(bound.id(), open.id());
        JoinTokenRecord first = trust.tokens().all().getFirst().token();
        assertThat(first.creator()).isEqualTo("user/alice");
        assertThat(first.node()).contains(new NodeName("h1"));
        assertThat(first.socketRole()).contains(Role.OPERATOR);
        assertThat(first.expireTime()).isEqualTo(bound.expireTime());
        assertThat(trust.tokens().all().toString())
                .doesNotContain(JoinToken.parse(bound.text()).secret());

        assertThat(trust.tokens().withdraw(bound.id().substring(0, 6))).isEqualTo(bound.id());
        refused(Reason.TOKEN_REFUSED, "not known", () -> join(JoinToken.parse(bound.text()), "h1", request()));
        refused(
                Reason.TOKEN_NOT_FOUND,
                "withdrawn or has expired",
                () -> trust.tokens().withdraw(bound.id()));
        assertThat(join(JoinToken.parse(open.text()), "h2", request()).certificate())
                .isNotNull();
        refused(Reason.TOKEN_USED, "by node h2", () -> trust.tokens().withdraw(open.id()));
        assertThat(trust.tokens().all())
                .singleElement()
                .satisfies(listed ->
                        assertThat(listed.token().use().orElseThrow().node()).isEqualTo(new NodeName("h2")));
    }

    @Test
    void whatCannotBeATokensIdIsRefusedWithoutRepeatingIt() {
        JoinToken token = token(Optional.empty());
        for (String reference : List.of(token.text(), token.secret(), "", "abc", "node/h1")) {
            assertThatThrownBy(() -> trust.tokens().withdraw(reference))
                    .isInstanceOfSatisfying(
                            ServiceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_REQUEST))
                    .hasMessageNotContaining(token.secret());
        }
        assertThat(trust.tokens().all()).hasSize(1);
    }

    @Test
    void aTokenIsUsedOrWithdrawnNotBoth() throws Exception {
        for (int round = 0; round < 20; round++) {
            TrustOperations.Token token =
                    trust.createToken(Optional.empty(), Optional.empty(), Optional.empty(), "local");
            String node = "h" + round;
            byte[] request = request();
            CyclicBarrier start = new CyclicBarrier(2);
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Boolean> joined = executor.submit(() -> {
                    start.await();
                    return unlessRefused(() -> join(JoinToken.parse(token.text()), node, request));
                });
                Future<Boolean> withdrawn = executor.submit(() -> {
                    start.await();
                    return unlessRefused(() -> trust.tokens().withdraw(token.id()));
                });
                assertThat(joined.get()).isNotEqualTo(withdrawn.get());
            }
        }
    }

    private static boolean unlessRefused(ThrowingCallable call) {
        try {
            call.call();
            return true;
        } catch (ServiceException e) {
            assertThat(e.reason()).isIn(Reason.TOKEN_REFUSED, Reason.TOKEN_USED);
            return false;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void attemptsOfOneAddressAreBounded() {
        for (int i = 0; i < 10; i++) {
            refused(Reason.TOKEN_REFUSED, "not known", () -> trust.join("x", "h1", request(), "203.0.113.1"));
        }
        refused(Reason.TOO_MANY_CALLS, "later", () -> trust.join("x", "h1", request(), "203.0.113.1"));
        // Others are not kept waiting by it.
        assertThat(join(token(Optional.empty()), "h2", request()).certificate()).isNotNull();
        now = now.plusSeconds(2);
        refused(Reason.TOKEN_REFUSED, "not known", () -> trust.join("x", "h1", request(), "203.0.113.1"));
    }

    @Test
    void whatIsRevokedByNameIsWhatTheSubjectHadUntilThen() {
        Issued before = join(token(Optional.of("h1")), "h1", request());
        assertThat(trust.revoke("h1", "local")).isEqualTo("node/h1");
        Await.until("known", SOON, () -> revocations.of(before.certificate()).isPresent());

        // In the same moment already: what is issued from now on counts.
        Issued after = join(token(Optional.of("h1")), "h1", request());
        assertThat(revocations.of(after.certificate())).isEmpty();
        assertThat(after.certificate().getNotBefore().toInstant()).isAfter(now);
        assertThat(trust.certificates())
                .filteredOn(one -> one.revokeTime().isPresent())
                .hasSize(2);
    }

    @Test
    void oneCertificateIsRevokedByItsSerialNumber() {
        Issued one = join(token(Optional.of("h1")), "h1", request());
        Issued other = join(token(Optional.of("h1")), "h1", request());
        trust.revoke(Certificates.serial(one.certificate()), "local");
        Await.until("known", SOON, () -> revocations.of(one.certificate()).isPresent());
        assertThat(revocations.of(other.certificate())).isEmpty();
        refused(Reason.CERTIFICATE_NOT_FOUND, "no certificate of nobody", () -> trust.revoke("nobody", "local"));
        refused(Reason.INVALID_REQUEST, "should be a serial number", () -> trust.revoke("people/x", "local"));
    }

    @Test
    void renewalKeepsTheIdentityAndIsBounded() {
        Identity.Node node = new Identity.Node("h1", Optional.of(Role.VIEWER));
        for (int i = 0; i < 10; i++) {
            assertThat(Certificates.identity(trust.renew(node, now, request()).certificate()))
                    .isEqualTo(node);
        }
        refused(Reason.TOO_MANY_CALLS, "too often", () -> trust.renew(node, now, request()));
    }

    @Test
    void whoseCertificateWasRevokedRenewsNothingAlsoWhereThatWasNotHeardYet() {
        Issued issued = join(token(Optional.of("h1")), "h1", request());
        Identity.Node node = new Identity.Node("h1", Optional.empty());
        store.commit(Transaction.builder()
                .put(Keys.revokedSubject("node/h1"), ModelCodec.REVOCATION.encode(Revocation.ofRemovedNode(now)))
                .build());
        Instant since = issued.certificate().getNotBefore().toInstant();
        refused(Reason.NO_IDENTITY, "was revoked at", () -> trust.renew(node, since, request()));
        // Whoever has joined since may.
        Await.until("known", SOON, () -> revocations.of(issued.certificate()).isPresent());
        Issued anew = join(token(Optional.of("h1")), "h1", request());
        assertThat(trust.renew(node, anew.certificate().getNotBefore().toInstant(), request())
                        .certificate())
                .isNotNull();
    }

    @Test
    void whatHasExpiredIsForgotten() {
        JoinToken token = token(Optional.of("h1"));
        Issued issued = join(token, "h1", request());
        trust.revoke(Certificates.serial(issued.certificate()), "local");
        trust.forgetExpired(List.of());
        assertThat(store.list(Keys.TRUST).entries()).hasSize(3);
        now = now.plus(Duration.ofDays(31));
        trust.forgetExpired(List.of());
        assertThat(store.list(Keys.TRUST).entries()).isEmpty();
    }

    @Test
    void withoutTheAuthoritysKeyNothingIsSigned() {
        TrustOperations other = new TrustOperations(store, revocations, Optional.empty(), Duration.ofDays(30), clock);
        refused(
                Reason.NO_AUTHORITY,
                "--ca-dir",
                () -> other.createToken(Optional.empty(), Optional.empty(), Optional.empty(), "local"));
        refused(Reason.NO_AUTHORITY, "--ca-dir", () -> other.join("x", "h1", request(), "192.0.2.1"));
    }

    @Test
    void usersCertificatesHaveARoleAndAnEnd() {
        Issued issued = trust.issueUser("alice", "viewer", request(), Optional.empty());
        assertThat(Certificates.identity(issued.certificate())).isEqualTo(new Identity.User("alice", Role.VIEWER));
        refused(
                Reason.INVALID_REQUEST,
                "unknown role 'root'",
                () -> trust.issueUser("alice", "root", request(), Optional.empty()));
        refused(
                Reason.INVALID_REQUEST,
                "user: invalid name",
                () -> trust.issueUser("a/b", "viewer", request(), Optional.empty()));
        refused(
                Reason.INVALID_REQUEST,
                "lifetime",
                () -> trust.issueUser("alice", "viewer", request(), Optional.of(Duration.ofDays(4000))));
    }
}
