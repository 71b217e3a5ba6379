package dev.weft.controlplane.backup;

import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.Store;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Writes a backup: a consistent listing of the store, whatever is written to it meanwhile.
 *
 * <p>All numbers are big-endian. The magic {@code WEFTBAK\n}, the format's version (4 bytes), the store's kind (2 bytes of
 * length, UTF-8), revision (8), number of keys (8), time in milliseconds since 1970 (8); then in key order each key (4 bytes of
 * length, UTF-8) and its value (4 bytes of length, bytes); at the end the SHA-256 of all before it (32 bytes).
 */
public final class BackupWriter {

    static final String MAGIC = "WEFTBAK\n";
    static final int FORMAT = 1;
    static final String DIGEST = "SHA-256";

    private BackupWriter() {}

    /** Is told how far it is. */
    @FunctionalInterface
    public interface Progress {

        /** No progress is told. */
        Progress NONE = (_, _) -> {};

        void at(long done, long total);
    }

    /**
     * @param storeKind sqlite or etcd
     * @param output is flushed, not closed
     * @throws IOException if the output cannot take it
     */
    public static BackupHeader write(Store store, String storeKind, Clock clock, OutputStream output, Progress progress)
            throws IOException {
        Listing listing = store.list("");
        List<Entry> entries = listing.entries().stream()
                .filter(entry -> BackupScope.isKept(entry.key()))
                .toList();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        BackupHeader header = new BackupHeader(storeKind, listing.revision(), entries.size(), now);
        DigestOutputStream digested = new DigestOutputStream(output, Digests.sha256());
        DataOutputStream data = new DataOutputStream(digested);
        data.write(MAGIC.getBytes(StandardCharsets.US_ASCII));
        data.writeInt(FORMAT);
        data.writeUTF(storeKind);
        data.writeLong(header.revision());
        data.writeLong(header.keys());
        data.writeLong(now.toEpochMilli());
        long done = 0;
        for (Entry entry : entries) {
            byte[] key = entry.key().getBytes(StandardCharsets.UTF_8);
            data.writeInt(key.length);
            data.write(key);
            data.writeInt(entry.value().size());
            entry.value().writeTo(data);
            progress.at(++done, header.keys());
        }
        data.flush();
        output.write(digested.getMessageDigest().digest());
        output.flush();
        return header;
    }
}
