package dev.weft.controlplane.codec;

import static dev.weft.controlplane.codec.Fields.canonical;
import static dev.weft.controlplane.codec.Fields.optional;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.model.IssuedCertificate;
import dev.weft.controlplane.model.JoinTokenRecord;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Revocation;
import dev.weft.trust.Identity;
import dev.weft.trust.Role;
import java.util.HexFormat;
import java.util.Optional;

/** What is stored of certificates and join tokens. */
final class TrustMapping {

    private TrustMapping() {}

    static dev.weft.store.v1.JoinToken write(JoinTokenRecord token) {
        dev.weft.store.v1.JoinToken.Builder builder = dev.weft.store.v1.JoinToken.newBuilder()
                .setNode(Fields.text(token.node()))
                .setSocketRole(token.socketRole().map(Role::text).orElse(""))
                .setCreateTime(Fields.timestamp(token.createTime()))
                .setExpireTime(Fields.timestamp(token.expireTime()))
                .setCreator(token.creator());
        token.use()
                .ifPresent(use -> builder.setUse(dev.weft.store.v1.TokenUse.newBuilder()
                        .setNode(use.node().value())
                        .setTime(Fields.timestamp(use.time()))
                        .setKeyHash(bytes(use.keyHash()))
                        .setCertificate(bytes(use.certificate()))));
        return builder.build();
    }

    static JoinTokenRecord read(dev.weft.store.v1.JoinToken message) {
        return new JoinTokenRecord(
                optional("node", message.getNode(), NodeName::new),
                message.getSocketRole().isEmpty() ? Optional.empty() : Optional.of(Role.parse(message.getSocketRole())),
                Fields.instant("create_time", message.hasCreateTime(), message.getCreateTime()),
                Fields.instant("expire_time", message.hasExpireTime(), message.getExpireTime()),
                message.getCreator(),
                message.hasUse() ? Optional.of(read(message.getUse())) : Optional.empty());
    }

    private static JoinTokenRecord.Use read(dev.weft.store.v1.TokenUse use) {
        return new JoinTokenRecord.Use(
                canonical("use.node", use.getNode(), NodeName::new),
                Fields.instant("use.time", use.hasTime(), use.getTime()),
                hex(use.getKeyHash()),
                hex(use.getCertificate()));
    }

    static dev.weft.store.v1.IssuedCertificate write(IssuedCertificate certificate) {
        return dev.weft.store.v1.IssuedCertificate.newBuilder()
                .setIdentity(certificate.identity().uri())
                .setIssueTime(Fields.timestamp(certificate.issueTime()))
                .setExpireTime(Fields.timestamp(certificate.expireTime()))
                .build();
    }

    static IssuedCertificate read(dev.weft.store.v1.IssuedCertificate message) {
        return new IssuedCertificate(
                Identity.parse(message.getIdentity()),
                Fields.instant("issue_time", message.hasIssueTime(), message.getIssueTime()),
                Fields.instant("expire_time", message.hasExpireTime(), message.getExpireTime()));
    }

    static dev.weft.store.v1.Revocation write(Revocation revocation) {
        return dev.weft.store.v1.Revocation.newBuilder()
                .setRevokeTime(Fields.timestamp(revocation.revokeTime()))
                .setExpireTime(Fields.timestamp(revocation.expireTime()))
                .setRevoker(revocation.revoker())
                .setNodeRemoved(revocation.occasion() == Revocation.Occasion.NODE_REMOVED)
                .build();
    }

    static Revocation read(dev.weft.store.v1.Revocation message) {
        return new Revocation(
                Fields.instant("revoke_time", message.hasRevokeTime(), message.getRevokeTime()),
                Fields.instant("expire_time", message.hasExpireTime(), message.getExpireTime()),
                message.getRevoker(),
                message.getNodeRemoved() ? Revocation.Occasion.NODE_REMOVED : Revocation.Occasion.REVOKED);
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
