package dev.weft.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A cluster's own certificate authority: a key that signs, in a directory of its own (0700) as {@code ca.key} (0600), with
 * its certificate {@code ca.crt}. What it issues is X.509 v3 by RFC 5280, signed by it directly: there is nothing between.
 */
public final class CertificateAuthority {

    public static final String CERTIFICATE_FILE = "ca.crt";
    public static final String KEY_FILE = "ca.key";

    private static final Duration LIFETIME = Duration.ofDays(3650);

    /** RFC 5280 4.1.2.2: positive, at most 20 bytes; by the CA/Browser Forum's rule at least 64 bits of chance. */
    private static final int SERIAL_BITS = 127;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final PrivateKey key;
    private final X509Certificate certificate;

    private CertificateAuthority(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /**
     * Makes an authority in a directory, which is made, too.
     *
     * @param clusterName in the certificate's name, for people
     * @throws TrustException if there is one already, or a file cannot be written
     */
    public static CertificateAuthority init(Path directory, String clusterName, Instant now) {
        Path keyFile = directory.resolve(KEY_FILE);
        Path certificateFile = directory.resolve(CERTIFICATE_FILE);
        try {
            if (Files.notExists(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            for (Path file : List.of(keyFile, certificateFile)) {
                if (Files.exists(file)) {
                    throw new FileAlreadyExistsException(file.toString());
                }
            }
            KeyPair keys = Keys.generate();
            X509Certificate certificate = selfSigned(keys, clusterName, now);
            PemFiles.writePrivate(keyFile, PemFiles.text(keys.getPrivate()));
            PemFiles.write(certificateFile, PemFiles.text(List.of(certificate)));
            return new CertificateAuthority(keys.getPrivate(), certificate);
        } catch (FileAlreadyExistsException e) {
            throw new TrustException(
                    e.getMessage() + " exists: there is a certificate authority in " + directory
                            + " already; nothing was written. What it has issued would be worth nothing under another,"
                            + " so choose another directory",
                    e);
        } catch (IOException e) {
            throw new TrustException("making a certificate authority in " + directory + " failed: " + e, e);
        }
    }

    /** @throws TrustException if there is none in the directory, or it cannot be used */
    public static CertificateAuthority open(Path directory) {
        Path keyFile = directory.resolve(KEY_FILE);
        if (Files.notExists(keyFile)) {
            throw new TrustException("there is no certificate authority in " + directory
                    + "; make one with weft ca init --dir " + directory);
        }
        KeyAndChain read = PemFiles.keyAndChain(directory.resolve(CERTIFICATE_FILE), keyFile);
        if (read.certificate().getBasicConstraints() < 0) {
            throw new TrustException(
                    "the certificate in " + directory.resolve(CERTIFICATE_FILE) + " is not that of an authority");
        }
        return new CertificateAuthority(read.key(), read.certificate());
    }

    /** Whether there is one in the directory. */
    public static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(KEY_FILE));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * Issues a certificate. A control plane's is good for both ends of a connection, all others for the client's only, so
     * that no node can stand in for a control plane.
     *
     * @param serverNames names and addresses that a control plane is reached by; none for others
     * @param notBefore from when; whole seconds
     * @param lifetime how long; never beyond the authority's own end
     */
    public X509Certificate issue(
            PublicKey publicKey, Identity identity, List<String> serverNames, Instant notBefore, Duration lifetime) {
        Instant begin = notBefore.truncatedTo(ChronoUnit.SECONDS);
        Instant authorityEnd = certificate.getNotAfter().toInstant();
        Instant end = begin.plus(lifetime).isBefore(authorityEnd) ? begin.plus(lifetime) : authorityEnd;
        boolean server = identity instanceof Identity.ControlPlane;
        if (!server && !serverNames.isEmpty()) {
            throw new IllegalArgumentException("only a control plane serves");
        }
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                certificate,
                serial(),
                Date.from(begin),
                Date.from(end),
                new X500Principal("CN=" + identity.subject().replace("/", " ")),
                publicKey);
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    true,
                    new ExtendedKeyUsage(
                            server
                                    ? new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}
                                    : new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth}));
            builder.addExtension(Extension.subjectAlternativeName, false, names(identity, serverNames));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(publicKey));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(certificate.getPublicKey()));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new TrustException("issuing a certificate for " + identity.subject() + " failed", e);
        }
        return sign(builder, key);
    }

    private static GeneralNames names(Identity identity, List<String> serverNames) {
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri()));
        for (String name : serverNames) {
            boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
            try {
                names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name));
            } catch (IllegalArgumentException e) {
                throw new TrustException("'" + name + "' is neither a name nor an address", e);
            }
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static X509Certificate selfSigned(KeyPair keys, String clusterName, Instant now) {
        X500Principal name = new X500Principal("CN=weft cluster " + clusterName);
        Instant begin = now.truncatedTo(ChronoUnit.SECONDS);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name, serial(), Date.from(begin), Date.from(begin.plus(LIFETIME)), name, keys.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new TrustException("making the authority's certificate failed", e);
        }
        return sign(builder, keys.getPrivate());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new TrustException("signing a certificate failed: " + e.getMessage(), e);
        }
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
    }
}
