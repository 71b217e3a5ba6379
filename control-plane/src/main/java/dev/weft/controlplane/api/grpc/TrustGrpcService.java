package dev.weft.controlplane.api.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.weft.controlplane.authorization.Caller;
import dev.weft.controlplane.callers.CallerContext;
import dev.weft.controlplane.callers.Peer;
import dev.weft.controlplane.model.JoinTokenRecord;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import dev.weft.controlplane.trust.JoinTokens;
import dev.weft.controlplane.trust.TrustOperations;
import dev.weft.controlplane.trust.TrustOperations.Issued;
import dev.weft.trust.Certificates;
import dev.weft.trust.Identity;
import dev.weft.trust.Role;
import dev.weft.trust.v1.Certificate;
import dev.weft.trust.v1.CreateJoinTokenRequest;
import dev.weft.trust.v1.CreateJoinTokenResponse;
import dev.weft.trust.v1.IssueCertificateRequest;
import dev.weft.trust.v1.IssueCertificateResponse;
import dev.weft.trust.v1.JoinRequest;
import dev.weft.trust.v1.JoinResponse;
import dev.weft.trust.v1.JoinToken;
import dev.weft.trust.v1.ListCertificatesRequest;
import dev.weft.trust.v1.ListCertificatesResponse;
import dev.weft.trust.v1.ListJoinTokensRequest;
import dev.weft.trust.v1.ListJoinTokensResponse;
import dev.weft.trust.v1.RenewRequest;
import dev.weft.trust.v1.RenewResponse;
import dev.weft.trust.v1.RevokeCertificateRequest;
import dev.weft.trust.v1.RevokeCertificateResponse;
import dev.weft.trust.v1.TrustServiceGrpc;
import dev.weft.trust.v1.WithdrawJoinTokenRequest;
import dev.weft.trust.v1.WithdrawJoinTokenResponse;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Optional;

/** Certificates over gRPC. */
public final class TrustGrpcService extends TrustServiceGrpc.TrustServiceImplBase {

    private final TrustOperations trust;

    public TrustGrpcService(TrustOperations trust) {
        this.trust = trust;
    }

    @Override
    public void join(JoinRequest request, StreamObserver<JoinResponse> replies) {
        Replies.answer(replies, () -> {
            Issued issued = trust.join(
                    request.getSecret(),
                    request.getNode(),
                    request.getSigningRequest().toByteArray(),
                    RequestContext.peer().map(Peer::address).orElse(""));
            return JoinResponse.newBuilder()
                    .setCertificate(certificate(issued))
                    .addAuthorities(authority(issued))
                    .build();
        });
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<RenewResponse> replies) {
        Replies.answer(replies, () -> {
            if (!(RequestContext.caller() instanceof Caller.Certified(Identity.Node node))) {
                throw new ServiceException(
                        Reason.NOT_PERMITTED, "only a node renews its certificate, over a connection that has one");
            }
            Instant since = CallerContext.certifiedSince()
                    .orElseThrow(() -> new IllegalStateException("who is certified has a certificate"));
            Issued issued = trust.renew(node, since, request.getSigningRequest().toByteArray());
            RequestContext.peer().ifPresent(peer -> peer.renewed(issued.certificate()));
            return RenewResponse.newBuilder()
                    .setCertificate(certificate(issued))
                    .addAuthorities(authority(issued))
                    .build();
        });
    }

    @Override
    public void issueCertificate(IssueCertificateRequest request, StreamObserver<IssueCertificateResponse> replies) {
        Replies.answer(replies, () -> {
            Issued issued = trust.issueUser(
                    request.getUser(),
                    request.getRole(),
                    request.getSigningRequest().toByteArray(),
                    duration("lifetime", request.hasLifetime(), request.getLifetime()));
            return IssueCertificateResponse.newBuilder()
                    .setCertificate(certificate(issued))
                    .addAuthorities(authority(issued))
                    .build();
        });
    }

    @Override
    public void createJoinToken(CreateJoinTokenRequest request, StreamObserver<CreateJoinTokenResponse> replies) {
        Replies.answer(replies, () -> {
            TrustOperations.Token token = trust.createToken(
                    text(request.getNode()),
                    text(request.getSocketRole()),
                    duration("lifetime", request.hasLifetime(), request.getLifetime()),
                    RequestContext.caller().text());
            return CreateJoinTokenResponse.newBuilder()
                    .setToken(token.text())
                    .setExpireTime(timestamp(token.expireTime()))
                    .setId(token.id())
                    .build();
        });
    }

    @Override
    public void listJoinTokens(ListJoinTokensRequest request, StreamObserver<ListJoinTokensResponse> replies) {
        Replies.answer(
                replies,
                () -> ListJoinTokensResponse.newBuilder()
                        .addAllTokens(trust.tokens().all().stream()
                                .map(TrustGrpcService::message)
                                .toList())
                        .build());
    }

    @Override
    public void withdrawJoinToken(WithdrawJoinTokenRequest request, StreamObserver<WithdrawJoinTokenResponse> replies) {
        Replies.answer(
                replies,
                () -> WithdrawJoinTokenResponse.newBuilder()
                        .setId(trust.tokens().withdraw(request.getId()))
                        .build());
    }

    @Override
    public void listCertificates(ListCertificatesRequest request, StreamObserver<ListCertificatesResponse> replies) {
        Replies.answer(
                replies,
                () -> ListCertificatesResponse.newBuilder()
                        .addAllCertificates(trust.certificates().stream()
                                .map(TrustGrpcService::message)
                                .toList())
                        .build());
    }

    @Override
    public void revokeCertificate(RevokeCertificateRequest request, StreamObserver<RevokeCertificateResponse> replies) {
        Replies.answer(replies, () -> {
            if (request.getCertificate().isEmpty()) {
                throw ServiceException.invalid("certificate", "certificate: say which");
            }
            return RevokeCertificateResponse.newBuilder()
                    .setRevoked(trust.revoke(
                            request.getCertificate(), RequestContext.caller().text()))
                    .build();
        });
    }

    private static Certificate message(TrustOperations.Listed listed) {
        Certificate.Builder builder = Certificate.newBuilder()
                .setSerial(listed.serial().orElse(""))
                .setSubject(listed.subject())
                .setRole(listed.role().map(Role::text).orElse(""))
                .setExpireTime(timestamp(listed.expireTime()));
        listed.issueTime().ifPresent(time -> builder.setIssueTime(timestamp(time)));
        listed.revokeTime().ifPresent(time -> builder.setRevokeTime(timestamp(time)));
        return builder.build();
    }

    private static JoinToken message(JoinTokens.Listed listed) {
        JoinTokenRecord token = listed.token();
        JoinToken.Builder builder = JoinToken.newBuilder()
                .setId(listed.id())
                .setNode(token.node().map(NodeName::value).orElse(""))
                .setSocketRole(token.socketRole().map(Role::text).orElse(""))
                .setCreator(token.creator())
                .setCreateTime(timestamp(token.createTime()))
                .setExpireTime(timestamp(token.expireTime()));
        token.use()
                .ifPresent(use -> builder.setUseTime(timestamp(use.time()))
                        .setUsedBy(use.node().value()));
        return builder.build();
    }

    private static ByteString certificate(Issued issued) {
        return ByteString.copyFrom(Certificates.encoded(issued.certificate()));
    }

    private static ByteString authority(Issued issued) {
        return ByteString.copyFrom(Certificates.encoded(issued.authority()));
    }

    private static Optional<String> text(String field) {
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    private static Optional<java.time.Duration> duration(String field, boolean present, Duration duration) {
        if (!present) {
            return Optional.empty();
        }
        if (duration.getSeconds() < 0 || duration.getSeconds() > 1L << 32 || duration.getNanos() < 0) {
            throw ServiceException.invalid(field, field + ": it is no duration that can be meant");
        }
        return Optional.of(java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos()));
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
