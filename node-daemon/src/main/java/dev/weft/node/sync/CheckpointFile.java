package dev.weft.node.sync;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.node.v1.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last desired state on disk: eight letters that name the format, a checksum (CRC32C, four bytes), and the message.
 * Written beside and renamed, so that a crash leaves the old one or the new one. Readable by its owner only: it names
 * every workload of the host.
 */
final class CheckpointFile {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFile.class);
    private static final byte[] FORMAT = "WEFTCKP1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = FORMAT.length + 4;

    private final Path file;
    private final String node;

    CheckpointFile(Path stateDirectory, String node) {
        this.file = stateDirectory.resolve("desired.checkpoint");
        this.node = node;
    }

    /** What was last written for this node; nothing if there is none, or if it is damaged, which is logged. */
    Optional<Checkpoint> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length < HEADER || !Arrays.equals(bytes, 0, FORMAT.length, FORMAT, 0, FORMAT.length)) {
                return ignored("it is not a checkpoint of this version");
            }
            byte[] content = Arrays.copyOfRange(bytes, HEADER, bytes.length);
            if (ByteBuffer.wrap(bytes).getInt(FORMAT.length) != checksum(content)) {
                return ignored("its checksum is wrong");
            }
            Checkpoint checkpoint = Checkpoint.parseFrom(content);
            if (!checkpoint.getNode().equals(node)) {
                return ignored("it is of node " + checkpoint.getNode());
            }
            return Optional.of(checkpoint);
        } catch (InvalidProtocolBufferException e) {
            return ignored(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return ignored("it cannot be read: " + e.getMessage());
        }
    }

    private Optional<Checkpoint> ignored(String reason) {
        LOG.warn(
                "The desired state kept in {} is not used: {}. The kernel stays as it is until the control plane answers.",
                file,
                reason);
        return Optional.empty();
    }

    /**
     * Replaces what is on disk; when this returns, the new one survives a power loss.
     *
     * @throws IOException if it could not be written; then the old one is still there
     */
    void write(Checkpoint checkpoint) throws IOException {
        byte[] content = checkpoint.toByteArray();
        ByteBuffer buffer = ByteBuffer.allocate(HEADER + content.length)
                .put(FORMAT)
                .putInt(checksum(content))
                .put(content)
                .flip();
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(directory(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private Path directory() {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalStateException(file + " has no directory");
        }
        return parent;
    }

    private static int checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }
}
