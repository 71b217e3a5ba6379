package dev.weft.controlplane.trust;

import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.IssuedCertificate;
import dev.weft.controlplane.model.Revocation;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.trust.TrustOperations.Listed;
import dev.weft.trust.Identity;
import dev.weft.trust.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What control planes have issued, as the store has it, and what of it is revoked. */
final class CertificateList {

    private final Store store;
    private final Revocations revocations;

    CertificateList(Store store, Revocations revocations) {
        this.store = store;
        this.revocations = revocations;
    }

    /** What was issued, and what is revoked, by subject. */
    List<Listed> all() {
        List<Listed> listed = new ArrayList<>();
        for (Entry entry : store.list(Keys.CERTIFICATES).entries()) {
            String serial = entry.key().substring(Keys.CERTIFICATES.length());
            IssuedCertificate issued = ModelCodec.ISSUED_CERTIFICATE.decode(entry.key(), entry.value());
            String subject = issued.identity().subject();
            Optional<Revocation> revoked = revocations
                    .ofSerial(serial)
                    .or(() -> revocations
                            .ofSubject(subject)
                            .filter(all -> !issued.issueTime().isAfter(all.revokeTime())));
            listed.add(new Listed(
                    Optional.of(serial),
                    subject,
                    roleOf(issued.identity()),
                    Optional.of(issued.issueTime()),
                    issued.expireTime(),
                    revoked.map(Revocation::revokeTime)));
        }
        revocations
                .subjects()
                .forEach((subject, revocation) -> listed.add(new Listed(
                        Optional.empty(),
                        subject,
                        Optional.empty(),
                        Optional.empty(),
                        revocation.expireTime(),
                        Optional.of(revocation.revokeTime()))));
        listed.sort(Comparator.comparing(Listed::subject)
                .thenComparing(entry -> entry.issueTime().orElse(Instant.MAX)));
        return List.copyOf(listed);
    }

    private static Optional<Role> roleOf(Identity identity) {
        return switch (identity) {
            case Identity.ControlPlane _ -> Optional.empty();
            case Identity.Node(var _, Optional<Role> socketRole) -> socketRole;
            case Identity.User(var _, Role role) -> Optional.of(role);
        };
    }

    /**
     * The subject that a reference means.
     *
     * @param reference {@code kind/name}, or a name that one subject of those listed has
     */
    String subject(String reference) {
        if (reference.indexOf('/') >= 0) {
            try {
                return Identity.parse(
                                Identity.SCHEME + reference + (reference.startsWith("user/") ? "?role=viewer" : ""))
                        .subject();
            } catch (IllegalArgumentException e) {
                throw ServiceException.invalid(
                        "certificate",
                        "certificate: '" + reference
                                + "' should be a serial number, node/NAME, user/NAME or control-plane/NAME");
            }
        }
        List<String> fitting = all().stream()
                .map(Listed::subject)
                .filter(subject -> subject.substring(subject.indexOf('/') + 1).equals(reference))
                .distinct()
                .toList();
        return switch (fitting.size()) {
            case 0 ->
                throw new ServiceException(
                        Reason.CERTIFICATE_NOT_FOUND,
                        "no certificate of " + reference + " was issued by the control planes; weft ca ls lists them;"
                                + " give a serial number, node/NAME, user/NAME or control-plane/NAME");
            case 1 -> fitting.getFirst();
            default ->
                throw new ServiceException(
                        Reason.AMBIGUOUS_REFERENCE, "there are " + String.join(" and ", fitting) + ": say which");
        };
    }
}
