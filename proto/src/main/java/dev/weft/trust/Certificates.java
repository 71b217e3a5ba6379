package dev.weft.trust;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads what certificates say. */
public final class Certificates {

    /** The kind of a subject alternative name that is a URI, by RFC 5280 4.2.1.6. */
    private static final int URI_NAME = 6;

    private Certificates() {}

    /**
     * Whom a certificate is for.
     *
     * @throws TrustException if it does not say, or says more than one
     */
    public static Identity identity(X509Certificate certificate) {
        List<String> uris = new ArrayList<>();
        try {
            Collection<List<?>> names = Optional.ofNullable(certificate.getSubjectAlternativeNames())
                    .orElse(List.of());
            for (List<?> name : names) {
                if (name.get(0) instanceof Integer kind && kind == URI_NAME) {
                    uris.add(String.valueOf(name.get(1)));
                }
            }
        } catch (CertificateParsingException e) {
            throw new TrustException("the names in certificate " + serial(certificate) + " cannot be read", e);
        }
        if (uris.size() != 1) {
            throw new TrustException("certificate " + serial(certificate)
                    + " should say by one URI whom it is for, it has " + uris.size());
        }
        try {
            return Identity.parse(uris.getFirst());
        } catch (IllegalArgumentException e) {
            throw new TrustException("certificate " + serial(certificate) + ": " + e.getMessage(), e);
        }
    }

    /** The serial number: lower-case hexadecimal digits without zeros before them. */
    public static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    /** SHA-256 of the whole certificate. */
    public static byte[] fingerprint(X509Certificate certificate) {
        return sha256(encoded(certificate));
    }

    /** The fingerprint as people compare it. */
    public static String fingerprintText(X509Certificate certificate) {
        return "sha256:" + HexFormat.of().formatHex(fingerprint(certificate));
    }

    /** The certificate as bytes (DER). */
    public static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new TrustException("certificate " + serial(certificate) + " cannot be written", e);
        }
    }

    /** SHA-256 of the bytes. */
    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
