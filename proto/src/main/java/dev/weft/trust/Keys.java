package dev.weft.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;

/** Key pairs: ECDSA with the curve P-256, which all TLS libraries know and which is made in moments. */
public final class Keys {

    private Keys() {}

    public static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /** Puts a key pair into a file that only the owner may read (0600). */
    public static void write(Path file, KeyPair keys) throws IOException {
        PemFiles.writePrivate(
                file,
                PemFiles.text(keys.getPrivate())
                        + PemFiles.block("PUBLIC KEY", keys.getPublic().getEncoded()));
    }

    /**
     * Reads a key pair back.
     *
     * @throws TrustException if it cannot be used
     */
    public static KeyPair read(Path file) {
        PrivateKey privateKey = PemFiles.privateKey(file);
        try {
            PublicKey publicKey = KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(PemFiles.bytesOf("PUBLIC KEY", file)));
            if (belongTogether(privateKey, publicKey)) {
                return new KeyPair(publicKey, privateKey);
            }
            throw new TrustException("the two keys in " + file + " do not belong together: remove the file");
        } catch (GeneralSecurityException e) {
            throw new TrustException("the public key in " + file + " is damaged: remove the file", e);
        }
    }

    /** Finds out by a signature whether a private key is that of a public one. */
    static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        byte[] probe = {'w', 'e', 'f', 't'};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // Of different kinds, then.
            return false;
        }
    }
}
