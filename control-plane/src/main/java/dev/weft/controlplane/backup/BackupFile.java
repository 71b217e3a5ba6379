package dev.weft.controlplane.backup;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.Store;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;

/** A backup in a file, whose form {@link BackupWriter} tells. */
public final class BackupFile {

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path path;
    private final BackupHeader header;

    private BackupFile(Path path, BackupHeader header) {
        this.path = path;
        this.header = header;
    }

    /** Takes the keys of a backup, one after the other. */
    @FunctionalInterface
    public interface Sink {
        void take(String key, ByteString value);
    }

    /**
     * Reads the file whole, and checks its form, its checksum and each of its values.
     *
     * @throws BackupException if it cannot be read, is no backup, is of a newer version, or is damaged or cut short
     */
    public static BackupFile open(Path path) {
        // The checksum first: what damage looks like is no matter of versions.
        BackupFile file = new BackupFile(path, read(path, (_, _) -> {}));
        file.forEach(BackupValues::check);
        return file;
    }

    public BackupHeader header() {
        return header;
    }

    /** @throws BackupException if the file has changed since it was opened so that it cannot be read */
    public void forEach(Sink sink) {
        BackupHeader now = read(path, sink);
        if (!now.equals(header)) {
            throw new BackupException("backup " + path + " changed while it was read");
        }
    }

    private static BackupHeader read(Path path, Sink sink) {
        try (DigestInputStream digested = new DigestInputStream(
                        new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES), Digests.sha256());
                DataInputStream data = new DataInputStream(digested)) {
            return read(path, data, digested, sink);
        } catch (NoSuchFileException e) {
            throw new BackupException("backup " + path + " does not exist", e);
        } catch (EOFException e) {
            throw new BackupException(
                    "backup " + path + " is cut short: it ends before all its keys are there; use another copy", e);
        } catch (IOException e) {
            throw new BackupException("cannot read backup " + path + ": " + e, e);
        }
    }

    private static BackupHeader read(Path path, DataInputStream data, DigestInputStream digested, Sink sink)
            throws IOException {
        byte[] magic = data.readNBytes(BackupWriter.MAGIC.length());
        if (!MessageDigest.isEqual(magic, BackupWriter.MAGIC.getBytes(StandardCharsets.US_ASCII))) {
            throw new BackupException(path + " is no backup of Weft: it does not begin as one");
        }
        int format = data.readInt();
        if (format != BackupWriter.FORMAT) {
            throw new BackupException("backup " + path + " has format " + format + ", and this version knows format "
                    + BackupWriter.FORMAT + " only; use the version of Weft that made it");
        }
        BackupHeader header = new BackupHeader(
                data.readUTF(), data.readLong(), data.readLong(), Instant.ofEpochMilli(data.readLong()));
        String last = "";
        for (long i = 0; i < header.keys(); i++) {
            String key = text(path, bytes(path, data, Store.MAX_KEY_BYTES));
            ByteString value = ByteString.copyFrom(bytes(path, data, Store.MAX_VALUE_BYTES));
            if (i > 0 && key.equals(last)) {
                throw damaged(path, "key " + key + " stands in it twice");
            }
            last = key;
            sink.take(key, value);
        }
        byte[] computed = digested.getMessageDigest().digest();
        digested.on(false);
        byte[] written = data.readNBytes(Digests.LENGTH);
        if (written.length < Digests.LENGTH) {
            throw new EOFException();
        }
        if (!MessageDigest.isEqual(computed, written)) {
            throw damaged(path, "its checksum is not that of its content");
        }
        if (data.read() >= 0) {
            throw damaged(path, "something follows its end");
        }
        return header;
    }

    private static byte[] bytes(Path path, DataInputStream data, int limit) throws IOException {
        int length = data.readInt();
        if (length < 0 || length > limit) {
            throw damaged(path, "a length of " + length + " bytes is not within 0 to " + limit);
        }
        byte[] bytes = data.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static String text(Path path, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BackupException("backup " + path + " is damaged: a key is not UTF-8 text; use another copy", e);
        }
    }

    private static BackupException damaged(Path path, String how) {
        return new BackupException("backup " + path + " is damaged: " + how + "; use another copy");
    }
}
