package dev.weft.cli;

import com.google.protobuf.Timestamp;
import dev.weft.trust.v1.CreateJoinTokenRequest;
import dev.weft.trust.v1.CreateJoinTokenResponse;
import dev.weft.trust.v1.JoinToken;
import dev.weft.trust.v1.ListJoinTokensRequest;
import dev.weft.trust.v1.ListJoinTokensResponse;
import dev.weft.trust.v1.TrustServiceGrpc;
import dev.weft.trust.v1.WithdrawJoinTokenRequest;
import dev.weft.trust.v1.WithdrawJoinTokenResponse;
import io.grpc.stub.StreamObserver;
import java.time.Instant;

/** Three tokens: one for h3, a used one, and one that has expired. */
final class StubTrust extends TrustServiceGrpc.TrustServiceImplBase {

    private static final Timestamp LONG_AGO = timestamp(Instant.parse("2026-11-20T10:00:00Z"));
    private static final Timestamp FAR_OFF = timestamp(Instant.parse("2126-11-20T10:00:00Z"));

    private final StubAnswers answers;

    StubTrust(StubAnswers answers) {
        this.answers = answers;
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).build();
    }

    private static JoinToken.Builder token(String id, Timestamp expireTime) {
        return JoinToken.newBuilder()
                .setId(id)
                .setCreator("user/alice")
                .setCreateTime(LONG_AGO)
                .setExpireTime(expireTime);
    }

    @Override
    public void createJoinToken(CreateJoinTokenRequest request, StreamObserver<CreateJoinTokenResponse> replies) {
        answers.answer(
                request,
                replies,
                CreateJoinTokenResponse.newBuilder()
                        .setToken("weft1.authority.secret")
                        .setExpireTime(FAR_OFF)
                        .setId("1d0000000001")
                        .build());
    }

    @Override
    public void listJoinTokens(ListJoinTokensRequest request, StreamObserver<ListJoinTokensResponse> replies) {
        answers.answer(
                request,
                replies,
                ListJoinTokensResponse.newBuilder()
                        .addTokens(token("1d0000000001", FAR_OFF).setNode("h3").setSocketRole("operator"))
                        .addTokens(token("1d0000000002", FAR_OFF)
                                .setUseTime(LONG_AGO)
                                .setUsedBy("h2"))
                        .addTokens(token("1d0000000003", LONG_AGO))
                        .build());
    }

    @Override
    public void withdrawJoinToken(WithdrawJoinTokenRequest request, StreamObserver<WithdrawJoinTokenResponse> replies) {
        answers.answer(
                request,
                replies,
                WithdrawJoinTokenResponse.newBuilder().setId("1d0000000001").build());
    }
}
