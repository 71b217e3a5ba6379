package dev.weft.controlplane.auditlog;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JSON object a line in a file that only the owner may read. Bounded: when the file is full it becomes FILE.1, that
 * becomes FILE.2, and the last is forgotten; of a flood the rest of a second is counted, not written.
 */
public final class JsonLinesFile implements AuditLog, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JsonLinesFile.class);
    private static final long MAX_BYTES = 16L << 20;
    private static final int KEPT = 4;
    private static final int MAX_LINES_A_SECOND = 200;
    private static final int MAX_TEXT = 512;

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final long maxBytes;
    private @Nullable OutputStream output;
    private long size;
    private Instant second = Instant.EPOCH;
    private int lines;
    private long suppressed;

    private JsonLinesFile(Path file, long maxBytes) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        open();
    }

    /**
     * Opens a file, behind what it has.
     *
     * @throws IOException naming the file if it cannot be written
     */
    public static JsonLinesFile open(Path file) throws IOException {
        return open(file, MAX_BYTES);
    }

    static JsonLinesFile open(Path file, long maxBytes) throws IOException {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            return new JsonLinesFile(file, maxBytes);
        } catch (IOException e) {
            throw new IOException("cannot write the audit log " + file + ": " + e, e);
        }
    }

    private void open() throws IOException {
        if (Files.notExists(file)) {
            Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE)
                    .close();
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        size = Files.size(file);
        output = Files.newOutputStream(file, StandardOpenOption.APPEND);
    }

    @Override
    public synchronized void write(AuditEntry entry) {
        OutputStream open = output;
        if (open == null) {
            return;
        }
        if (Duration.between(second, entry.time()).compareTo(Duration.ofSeconds(1)) >= 0) {
            second = entry.time();
            lines = 0;
        }
        if (++lines > MAX_LINES_A_SECOND) {
            suppressed++;
            return;
        }
        byte[] line = (json(entry, suppressed) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (size + line.length > maxBytes && size > 0) {
                rotate(open);
                open = output;
            }
            if (open != null) {
                open.write(line);
                size += line.length;
                suppressed = 0;
            }
        } catch (IOException e) {
            LOG.error("Could not write to the audit log {}; the entry is: {}", file, json(entry, suppressed), e);
        }
    }

    private void rotate(OutputStream open) throws IOException {
        open.close();
        for (int i = KEPT - 1; i >= 1; i--) {
            Path from = numbered(i);
            if (Files.exists(from)) {
                Files.move(from, numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(file, numbered(1), StandardCopyOption.REPLACE_EXISTING);
        open();
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private static String json(AuditEntry entry, long suppressed) {
        JsonObject json = new JsonObject();
        json.addProperty("time", entry.time().toString());
        json.addProperty("identity", cut(entry.identity()));
        json.addProperty("address", entry.address());
        json.addProperty("method", cut(entry.method()));
        json.addProperty("what", cut(entry.what()));
        json.addProperty("outcome", entry.outcome());
        json.addProperty("reason", cut(entry.reason()));
        json.addProperty("request_id", entry.requestId());
        if (suppressed > 0) {
            json.addProperty("left_out_before", suppressed);
        }
        return json.toString();
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }

    @Override
    public synchronized void close() throws IOException {
        OutputStream open = output;
        output = null;
        if (open != null) {
            open.close();
        }
    }
}
