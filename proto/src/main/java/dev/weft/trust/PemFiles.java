package dev.weft.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates in files, by RFC 7468. One file may hold a key and its certificates. */
public final class PemFiles {

    private static final long MAX_BYTES = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+?)-----END \\1-----");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private PemFiles() {}

    /**
     * The certificates of a file, in its order.
     *
     * @throws TrustException if it cannot be read or has none
     */
    public static List<X509Certificate> certificates(Path file) {
        return certificates(read(file), file.toString());
    }

    /**
     * The certificates of a text, in its order.
     *
     * @param where names the text in messages
     * @throws TrustException if it has none, or a damaged one
     */
    public static List<X509Certificate> certificates(String text, String where) {
        List<X509Certificate> found = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            if (blocks.group(1).equals("CERTIFICATE")) {
                found.add(certificate(bytes(blocks.group(2), where), where));
            }
        }
        if (found.isEmpty()) {
            throw new TrustException(where + " has no certificate: it should have 'BEGIN CERTIFICATE'");
        }
        return List.copyOf(found);
    }

    /**
     * The private key of a file.
     *
     * @throws TrustException if it cannot be read, has none, or one that others than the owner may read
     */
    public static PrivateKey privateKey(Path file) {
        requirePrivate(file);
        Matcher blocks = BLOCK.matcher(read(file));
        while (blocks.find()) {
            if (blocks.group(1).equals("PRIVATE KEY")) {
                return privateKey(bytes(blocks.group(2), file.toString()), file);
            }
        }
        throw new TrustException(file + " has no private key: it should have 'BEGIN PRIVATE KEY' (PKCS #8)");
    }

    /**
     * A key with its certificates; both may stand in one file.
     *
     * @throws TrustException if one of them cannot be used, or they do not belong together
     */
    public static KeyAndChain keyAndChain(Path certificateFile, Path keyFile) {
        KeyAndChain read = new KeyAndChain(privateKey(keyFile), certificates(certificateFile));
        if (!Keys.belongTogether(read.key(), read.certificate().getPublicKey())) {
            throw new TrustException("the key in " + keyFile + " is not that of the certificate in " + certificateFile);
        }
        return read;
    }

    /** One certificate out of its bytes. */
    public static X509Certificate certificate(byte[] der, String where) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TrustException(where + ": a certificate is damaged: " + e.getMessage(), e);
        }
    }

    /** The first block with a label. */
    static byte[] bytesOf(String label, Path file) {
        Matcher blocks = BLOCK.matcher(read(file));
        while (blocks.find()) {
            if (blocks.group(1).equals(label)) {
                return bytes(blocks.group(2), file.toString());
            }
        }
        throw new TrustException(file + " has no " + label);
    }

    /** Certificates as text. */
    public static String text(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        certificates.forEach(certificate -> text.append(block("CERTIFICATE", Certificates.encoded(certificate))));
        return text.toString();
    }

    /** A key as text. */
    public static String text(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    /** Puts a text for everybody to read into a file, at once or not at all. */
    public static void write(Path file, String text) throws IOException {
        write(file, text, "rw-r--r--");
    }

    /** Puts a text that only the owner may read (0600) into a file, at once or not at all. */
    public static void writePrivate(Path file, String text) throws IOException {
        write(file, text, "rw-------");
    }

    private static void write(Path file, String text, String permissions) throws IOException {
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.getParent();
        if (directory == null) {
            throw new IOException(file + " is a directory");
        }
        Path partial = Files.createTempFile(directory, "." + absolute.getFileName(), ".tmp", mode);
        try {
            Files.writeString(partial, text);
            Files.move(partial, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static void requirePrivate(Path file) {
        try {
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            if (!mode.endsWith("------")) {
                throw new TrustException("the private key in " + file + " can be read by others than its owner (" + mode
                        + "): chmod 600 it");
            }
        } catch (NoSuchFileException e) {
            throw new TrustException("there is no file " + file, e);
        } catch (IOException e) {
            throw new TrustException("looking at " + file + " failed: " + e, e);
        }
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new TrustException(file + " is larger than " + MAX_BYTES + " bytes: no file of keys is");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new TrustException("there is no file " + file, e);
        } catch (IOException e) {
            throw new TrustException("reading " + file + " failed: " + e, e);
        }
    }

    private static byte[] bytes(String base64, String where) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new TrustException(where + " is damaged: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(byte[] der, Path file) {
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // One of the others, then.
                continue;
            }
        }
        throw new TrustException("the private key in " + file + " is neither EC nor RSA nor EdDSA, or damaged");
    }

    static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
