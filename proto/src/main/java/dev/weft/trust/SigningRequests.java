package dev.weft.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Requests for a certificate (PKCS #10, RFC 2986): a public key, and the proof that whoever asks has the private one. The
 * name in it means nothing: whom a certificate is for is decided by who asks.
 */
public final class SigningRequests {

    private static final int MAX_BYTES = 4096;
    private static final String EC_256 = "secp256r1";

    private SigningRequests() {}

    /** A request for a key, as bytes (DER). */
    public static byte[] create(KeyPair keys) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=weft"), keys.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new TrustException("making a signing request failed: " + e.getMessage(), e);
        }
    }

    /**
     * The public key of a request, whose holder is proven.
     *
     * @throws TrustException if it is damaged, not signed with its own key, or the key is not one of P-256
     */
    public static PublicKey publicKey(byte[] request) {
        if (request.length > MAX_BYTES) {
            throw new TrustException(
                    "the signing request has " + request.length + " bytes; it should have at most " + MAX_BYTES);
        }
        try {
            JcaPKCS10CertificationRequest parsed = new JcaPKCS10CertificationRequest(request);
            PublicKey key = parsed.getPublicKey();
            if (!(key instanceof ECPublicKey ec) || !ec.getParams().toString().contains(EC_256)) {
                throw new TrustException("the signing request's key should be ECDSA P-256");
            }
            if (!parsed.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new TrustException("the signing request is not signed with its own key");
            }
            return key;
        } catch (TrustException e) {
            throw e;
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            // The library tells of hostile bytes by whatever it falls over.
            throw new TrustException("the signing request is damaged", e);
        }
    }
}
