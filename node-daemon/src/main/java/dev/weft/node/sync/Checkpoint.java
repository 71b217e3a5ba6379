package dev.weft.node.sync;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.node.v1.Delta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last desired state, on disk: what a daemon starts from while the control plane cannot be reached.
 *
 * <p>The file is a line that names format and version, a CRC-32C of the rest (4 bytes), and a {@code Delta} message with
 * the revision and all rows. It is replaced by renaming, so that there is always a whole one, old or new.
 */
public final class Checkpoint {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
    private static final byte[] HEADER = "weft node checkpoint 1\n".getBytes(StandardCharsets.US_ASCII);

    private final Path file;

    public Checkpoint(Path stateDirectory) {
        this.file = stateDirectory.resolve("desired.checkpoint");
    }

    /** What was saved: the revision and its rows. */
    public record Saved(long revision, Collection<dev.weft.node.v1.Row> rows) {}

    /** Reads the file. One that is damaged, or of another version, is as good as none; a warning says so. */
    public Optional<Saved> load() {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("the checkpoint {} cannot be read; starting without it", file, e);
            return Optional.empty();
        }
        int start = HEADER.length + Integer.BYTES;
        if (bytes.length < start || !Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length)) {
            LOG.warn("{} is no checkpoint of this version of weft-node; starting without it", file);
            return Optional.empty();
        }
        if (ByteBuffer.wrap(bytes, HEADER.length, Integer.BYTES).getInt() != checksum(bytes, start)) {
            LOG.warn("the checkpoint {} is damaged: its checksum is wrong; starting without it", file);
            return Optional.empty();
        }
        try {
            Delta content = Delta.parseFrom(ByteBuffer.wrap(bytes, start, bytes.length - start));
            return Optional.of(new Saved(content.getRevision(), content.getUpdatesList()));
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("the checkpoint {} makes no sense; starting without it", file, e);
            return Optional.empty();
        }
    }

    /**
     * Replaces the file.
     *
     * @throws IOException if that fails; then the old one is still there
     */
    public void save(long revision, Collection<dev.weft.node.v1.Row> rows) throws IOException {
        byte[] content = Delta.newBuilder()
                .setRevision(revision)
                .addAllUpdates(rows)
                .build()
                .toByteArray();
        ByteBuffer whole = ByteBuffer.allocate(HEADER.length + Integer.BYTES + content.length)
                .put(HEADER)
                .putInt(checksum(content, 0))
                .put(content)
                .flip();
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        try (FileChannel channel = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (whole.hasRemaining()) {
                int unusedWritten = channel.write(whole);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // The rename itself must survive a power cut too.
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static int checksum(byte[] bytes, int start) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, bytes.length - start);
        return (int) crc.getValue();
    }
}
