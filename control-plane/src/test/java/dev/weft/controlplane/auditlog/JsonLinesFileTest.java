package dev.weft.controlplane.auditlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonLinesFileTest {

    private static final Instant TIME = Instant.parse("2026-11-26T12:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private static AuditEntry entry(Instant time, String what) {
        return new AuditEntry(time, "user/alice", "192.0.2.1", "weft.api.v1.ExecService/Exec", what, "OK", "", "9f");
    }

    @Test
    void oneObjectALineThatOnlyTheOwnerReads() throws IOException {
        Path file = directory.resolve("logs/audit.log");
        try (JsonLinesFile log = JsonLinesFile.open(file)) {
            log.write(entry(TIME, "sandbox \"x\"\n{\"forged\":1}"));
        }
        try (JsonLinesFile log = JsonLinesFile.open(file)) {
            log.write(entry(TIME, "second"));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        var first = JsonParser.parseString(lines.getFirst()).getAsJsonObject();
        assertThat(first.get("time").getAsString()).isEqualTo("2026-11-26T12:00:00Z");
        assertThat(first.get("identity").getAsString()).isEqualTo("user/alice");
        assertThat(first.get("what").getAsString()).isEqualTo("sandbox \"x\"\n{\"forged\":1}");
        assertThat(first.get("outcome").getAsString()).isEqualTo("OK");
        assertThat(first.get("request_id").getAsString()).isEqualTo("9f");
    }

    @Test
    void itIsBoundedByRotation() throws IOException {
        Path file = directory.resolve("audit.log");
        try (JsonLinesFile log = JsonLinesFile.open(file, 2000)) {
            for (int i = 0; i < 200; i++) {
                log.write(entry(TIME.plusSeconds(i), "number " + i));
            }
        }
        try (var files = Files.list(directory)) {
            List<Path> all = files.sorted().toList();
            assertThat(all)
                    .extracting(path -> path.getFileName().toString())
                    .containsExactly("audit.log", "audit.log.1", "audit.log.2", "audit.log.3", "audit.log.4");
            assertThat(all).allSatisfy(path -> {
                assertThat(Files.size(path)).isLessThanOrEqualTo(2000);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .isEqualTo("rw-------");
            });
        }
        assertThat(Files.readString(file)).contains("number 199");
    }

    @Test
    void ofAFloodTheRestIsCounted() throws IOException {
        Path file = directory.resolve("audit.log");
        try (JsonLinesFile log = JsonLinesFile.open(file)) {
            for (int i = 0; i < 1000; i++) {
                log.write(entry(TIME, "flood"));
            }
            log.write(entry(TIME.plusSeconds(1), "after it"));
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(201);
        assertThat(lines.getLast()).contains("after it").contains("\"left_out_before\":800");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() {
        assertThatThrownBy(() -> JsonLinesFile.open(Path.of("/proc/nowhere/audit.log")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot write the audit log /proc/nowhere/audit.log");
    }
}
