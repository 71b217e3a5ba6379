package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft backup}. */
class BackupCommandTest extends CommandTest {

    @Test
    void aBackupIsWholeOrNotThere(@TempDir Path backups) throws IOException {
        Path file = backups.resolve("weft.bak");
        assertThat(console.run("backup", file.toString()))
                .isEqualTo(new Console.Outcome(0, file + ": 7 keys as of revision 12 of etcd\n", ""));
        assertThat(file).hasContent("WEFTBAK");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(console.run("backup", file.toString()).err()).contains("exists; choose another name");

        server.breakBackups();
        assertThat(console.run("backup", backups.resolve("other").toString()))
                .isEqualTo(new Console.Outcome(1, "", "weft: the control plane is stopping; no backup was written\n"));
        try (var files = Files.list(backups)) {
            assertThat(files).containsExactly(file);
        }
        assertThat(console.run("backup", backups.resolve("no/such").toString()).err())
                .contains("cannot write backup file");
        assertThat(console.run("restore").exitCode()).isEqualTo(2);
    }
}
