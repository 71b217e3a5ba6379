package dev.weft.trust;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a host joins a cluster with, once: {@code weft1.AUTHORITY.SECRET}. The first part is the fingerprint of the cluster's
 * authority, by which the host knows the control plane before it sends the secret; of the secret the control plane keeps a
 * hash only.
 */
public final class JoinToken {

    private static final Pattern FORM = Pattern.compile("weft1\\.([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{22,64})");

    /** 128 bits: guessing is hopeless, so a plain hash of it gives nothing away. */
    private static final int SECRET_BYTES = 16;

    private final byte[] authority;
    private final String secret;

    private JoinToken(byte[] authority, String secret) {
        this.authority = authority.clone();
        this.secret = secret;
    }

    /** A new one, for a cluster. */
    public static JoinToken create(X509Certificate authority) {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new JoinToken(
                Certificates.fingerprint(authority),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** @throws IllegalArgumentException if it has another form; the text is a secret and stands in no message */
    public static JoinToken parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a join token has the form weft1.AUTHORITY.SECRET;"
                    + " this one is cut short or damaged: copy it again, or make another with weft node token create");
        }
        return new JoinToken(Base64.getUrlDecoder().decode(matcher.group(1)), matcher.group(2));
    }

    /** Whether this is the certificate of the authority that the token names. */
    public boolean isOf(X509Certificate certificate) {
        return Arrays.equals(authority, Certificates.fingerprint(certificate));
    }

    public String secret() {
        return secret;
    }

    /** What the control plane keeps of a secret: hexadecimal digits. */
    public static String hash(String secret) {
        return HexFormat.of().formatHex(Certificates.sha256(secret.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /** The whole token, to be given to one host. */
    public String text() {
        return "weft1." + Base64.getUrlEncoder().withoutPadding().encodeToString(authority) + "." + secret;
    }

    /** Without the secret, so that no log has it. */
    @Override
    public String toString() {
        return "weft1." + Base64.getUrlEncoder().withoutPadding().encodeToString(authority) + ".…";
    }
}
