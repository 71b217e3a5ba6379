package dev.weft.controlplane;

import dev.weft.config.HostPort;
import dev.weft.controlplane.api.grpc.Protection;
import dev.weft.controlplane.auditlog.AuditLog;
import dev.weft.controlplane.auditlog.JsonLinesFile;
import dev.weft.controlplane.cluster.grpc.ReplicaTls;
import dev.weft.controlplane.config.ControlPlaneConfig;
import dev.weft.controlplane.config.TrustConfig;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.trust.OwnCertificate;
import dev.weft.controlplane.trust.Revocations;
import dev.weft.controlplane.trust.Signer;
import dev.weft.controlplane.trust.TrustOperations;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.FileSource;
import dev.weft.trust.Identity;
import dev.weft.trust.KeyAndChain;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control plane's parts that are about who is who. */
record TrustParts(Revocations revocations, TrustOperations operations, Protection protection, AuditLog auditLog) {

    private static final Logger LOG = LoggerFactory.getLogger(TrustParts.class);

    /** RFC 5280 sets no bound; a certificate travels in each handshake. */
    private static final int MAX_ADDRESSES = 24;

    /**
     * @param started is given what has to be closed
     * @throws IOException if the audit log cannot be written, or this host's addresses cannot be read
     * @throws dev.weft.trust.TrustException if a key or a certificate cannot be used
     */
    static TrustParts start(ControlPlaneConfig config, Store store, Clock clock, Consumer<AutoCloseable> started)
            throws IOException {
        TrustConfig trust = config.trust();
        Revocations revocations = Revocations.follow(store);
        started.accept(revocations);
        Optional<Signer> signer = trust.authorityDirectory()
                .map(directory -> new Signer(CertificateAuthority.open(directory), revocations, clock));
        TrustOperations operations = new TrustOperations(store, revocations, signer, trust.nodeLifetime(), clock);
        AuditLog log = _ -> {};
        if (trust.auditLog().isPresent()) {
            JsonLinesFile file = JsonLinesFile.open(trust.auditLog().get());
            started.accept(file);
            log = file;
        }
        return new TrustParts(revocations, operations, protection(config, store, clock, signer), log);
    }

    /** What other replicas are shown. */
    Optional<ReplicaTls> replicaTls() {
        return switch (protection) {
            case Protection.None() -> Optional.empty();
            case Protection.Tls(Supplier<KeyAndChain> own, Supplier<List<X509Certificate>> authorities) ->
                Optional.of(new ReplicaTls(own, authorities));
        };
    }

    private static Protection protection(ControlPlaneConfig config, Store store, Clock clock, Optional<Signer> signer)
            throws IOException {
        return switch (config.trust().security()) {
            case TrustConfig.Insecure() -> new Protection.None();
            case TrustConfig.WithCertificate with -> {
                Supplier<List<X509Certificate>> authorities = believed(with.authorities());
                FileSource<KeyAndChain> files = FileSource.keyAndChain(
                        with.certificate(),
                        with.key(),
                        problem -> LOG.error("Goes on with the certificate as it was: {}", problem));
                yield new Protection.Tls(() -> files.get().sentWith(authorities.get()), authorities);
            }
            case TrustConfig.WithAuthority(Path _, List<String> more, Optional<Path> bundle) -> {
                Signer signs = signer.orElseThrow(() -> new IllegalStateException("its directory was given"));
                OwnCertificate own = new OwnCertificate(
                        signs,
                        new Identity.ControlPlane(name()),
                        serverNames(config.listen(), config.httpListen(), more),
                        store,
                        clock);
                var unused = own.get();
                yield new Protection.Tls(
                        own, bundle.map(TrustParts::believed).orElse(() -> List.of(signs.authority())));
            }
        };
    }

    /** Read again when the file changes: an authority that comes or goes needs no restart. */
    private static Supplier<List<X509Certificate>> believed(Path bundle) {
        return FileSource.certificates(
                bundle, problem -> LOG.error("Goes on believing the authorities as they were: {}", problem));
    }

    /** The host's name, as far as it is one for a certificate. */
    private static String name() throws IOException {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        return Identity.NAME.matcher(host).matches() ? host : "control-plane";
    }

    private static List<String> serverNames(Optional<HostPort> listen, Optional<HostPort> http, List<String> more)
            throws IOException {
        TreeSet<String> names = new TreeSet<>(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", name()));
        names.addAll(more);
        for (Optional<HostPort> address : List.of(listen, http)) {
            if (address.isPresent()) {
                InetAddress host = InetAddress.getByName(address.get().host());
                if (host.isAnyLocalAddress()) {
                    NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .filter(own -> !own.isLoopbackAddress() && !own.isLinkLocalAddress())
                            .limit(MAX_ADDRESSES)
                            .map(TrustParts::text)
                            .forEach(names::add);
                } else {
                    names.add(text(host));
                    names.add(address.get().host());
                }
            }
        }
        return List.copyOf(names);
    }

    /** Without the name of the interface. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address && text.indexOf('%') >= 0 ? text.substring(0, text.indexOf('%')) : text;
    }
}
