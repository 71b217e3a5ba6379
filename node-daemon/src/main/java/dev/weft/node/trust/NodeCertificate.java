package dev.weft.node.trust;

import dev.weft.trust.Certificates;
import dev.weft.trust.FileSource;
import dev.weft.trust.Identity;
import dev.weft.trust.JoinToken;
import dev.weft.trust.KeyAndChain;
import dev.weft.trust.Keys;
import dev.weft.trust.PemFiles;
import dev.weft.trust.TrustException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What proves that this host is the node, in the private part of the state directory (0700): {@code node.pem}, key and
 * certificate in one file (0600), so that they change together; {@code ca.pem}, whom it believes; and {@code joined}, which
 * token it came from, as a hash. The first two are read again when they have changed: an operator may put others there.
 */
public final class NodeCertificate implements Supplier<KeyAndChain> {

    private static final Logger LOG = LoggerFactory.getLogger(NodeCertificate.class);
    private static final String NODE_FILE = "node.pem";
    private static final String AUTHORITY_FILE = "ca.pem";
    private static final String JOINED_FILE = "joined";
    private static final String PENDING_KEY_FILE = "joining.key";

    private final Path directory;
    private final FileSource<List<X509Certificate>> authorities;
    private final FileSource<KeyAndChain> newest;

    private NodeCertificate(Path directory, String name) {
        this.directory = directory;
        Path file = directory.resolve(NODE_FILE);
        this.newest = FileSource.of(
                List.of(file),
                () -> read(file, name),
                problem -> LOG.error("Goes on with the node's certificate as it was: {}", problem));
        this.authorities = FileSource.certificates(
                directory.resolve(AUTHORITY_FILE),
                problem -> LOG.error("Goes on believing the authorities as they were: {}", problem));
    }

    /**
     * What a directory has.
     *
     * @param name of this node
     * @throws TrustException if it cannot be used, or is another node's
     */
    public static Optional<NodeCertificate> load(Path directory, String name) {
        return Files.notExists(directory.resolve(NODE_FILE))
                ? Optional.empty()
                : Optional.of(new NodeCertificate(directory, name));
    }

    private static KeyAndChain read(Path file, String name) {
        KeyAndChain material = PemFiles.keyAndChain(file, file);
        Identity identity = Certificates.identity(material.certificate());
        if (!(identity instanceof Identity.Node(String certified, var _) && certified.equals(name))) {
            throw new TrustException("the certificate in " + file + " is that of " + identity.subject()
                    + ", and this is node " + name
                    + ": give --name as in the certificate, or remove the file and join anew"
                    + " with --join");
        }
        return material;
    }

    /** Whether what is in the directory came from this token. */
    static boolean isFrom(Path directory, JoinToken token) {
        try {
            return Files.readString(directory.resolve(JOINED_FILE)).strip().equals(JoinToken.hash(token.secret()));
        } catch (IOException e) {
            // Not joined yet, or by an older daemon.
            return false;
        }
    }

    /** The key to join with: the same again after a join of which no answer came, so that the answer can be had again. */
    static KeyPair pendingKey(Path directory, JoinToken token) throws IOException {
        Path file = directory.resolve(
                PENDING_KEY_FILE + "." + JoinToken.hash(token.secret()).substring(0, 16));
        if (Files.exists(file)) {
            return Keys.read(file);
        }
        KeyPair keys = Keys.generate();
        Keys.write(file, keys);
        return keys;
    }

    /** Puts what was got by a token in place. */
    static NodeCertificate save(
            Path directory,
            String name,
            JoinToken token,
            PrivateKey key,
            X509Certificate certificate,
            List<X509Certificate> believed)
            throws IOException {
        PemFiles.write(directory.resolve(AUTHORITY_FILE), PemFiles.text(believed));
        write(directory, new KeyAndChain(key, List.of(certificate)));
        NodeCertificate made = new NodeCertificate(directory, name);
        PemFiles.writePrivate(directory.resolve(JOINED_FILE), JoinToken.hash(token.secret()) + "\n");
        Files.deleteIfExists(directory.resolve(
                PENDING_KEY_FILE + "." + JoinToken.hash(token.secret()).substring(0, 16)));
        return made;
    }

    /** From now on this is used for new connections, also after a restart. */
    void renewed(KeyAndChain material) throws IOException {
        write(directory, material);
    }

    private static void write(Path directory, KeyAndChain material) throws IOException {
        PemFiles.writePrivate(
                directory.resolve(NODE_FILE), PemFiles.text(material.key()) + PemFiles.text(material.chain()));
    }

    @Override
    public KeyAndChain get() {
        return newest.get();
    }

    /** Whose certificates are believed, asked at each handshake. */
    public Supplier<List<X509Certificate>> authorities() {
        return authorities;
    }

    /** Where an operator finds it. */
    public Path file() {
        return directory.resolve(NODE_FILE);
    }
}
