package dev.weft.trust;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;

/** Why no secure connection came about, in words for whoever dialled, with what to do. */
public final class TlsFailure {

    private static final int DEPTH = 16;

    private TlsFailure() {}

    /**
     * What a failure says about TLS.
     *
     * @param failure as the connection ended with; its causes are looked at
     * @return empty if it is not about TLS
     */
    public static Optional<String> explain(Throwable failure) {
        Throwable at = failure;
        Optional<String> found = Optional.empty();
        for (int i = 0; i < DEPTH && at != null; i++) {
            Optional<String> here = one(at);
            if (here.isPresent()) {
                // The innermost one knows most.
                found = here;
            }
            at = at.getCause();
        }
        return found;
    }

    private static Optional<String> one(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return Optional.ofNullable(
                switch (failure) {
                    case CertificateExpiredException e ->
                        "the control plane's certificate has expired (" + e.getMessage()
                                + "): have its operator issue it a new one with weft ca issue, or look at this host's clock";
                    case CertificateNotYetValidException e ->
                        "the control plane's certificate is not valid yet (" + e.getMessage()
                                + "): look at this host's clock";
                    case CertPathValidatorException e
                    when e.getReason() == CertPathValidatorException.BasicReason.INVALID_SIGNATURE -> otherAuthority();
                    case CertPathBuilderException _ -> otherAuthority();
                    default -> byText(text);
                });
    }

    private static @org.jspecify.annotations.Nullable String byText(String text) {
        if (text.contains("No subject alternative") || text.contains("No name matching")) {
            return "the control plane's certificate is not for the name that was dialled (" + text
                    + "): dial a name that it has, or issue it one with this name: weft ca issue control-plane --server-name";
        }
        if (text.contains("is not the one that the token names")) {
            return "the control plane is not the one that the token was made for: " + text
                    + "; look at the address, or make another token there";
        }
        if (text.contains("certificate_required")
                || text.contains("bad_certificate")
                || text.contains("certificate_unknown")) {
            return "the control plane does not accept this certificate: it is not of its cluster's authority;"
                    + " have one issued by weft ca issue there";
        }
        if (text.contains("not an SSL/TLS record")) {
            return "the other end does not speak TLS: the control plane runs with --insecure, or another program answers"
                    + " there";
        }
        return null;
    }

    private static String otherAuthority() {
        return "the control plane's certificate is not of the authority that is trusted here: give its authority's"
                + " certificate (ca.crt), or look whether the address is right";
    }
}
