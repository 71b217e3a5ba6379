package dev.weft.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.v1.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {

    @TempDir
    private Path directory;

    private static final Checkpoint SOME = Checkpoint.newBuilder()
            .setNode("n1")
            .setRevision(42)
            .addRows(DesiredStateCacheTest.peer("a", "net"))
            .build();

    @Test
    void whatIsWrittenIsReadAgainAndIsTheOwnersAlone() throws IOException {
        CheckpointFile file = new CheckpointFile(directory, "n1");
        assertThat(file.read()).isEmpty();
        file.write(SOME);
        file.write(SOME.toBuilder().setRevision(43).build());
        assertThat(file.read())
                .hasValueSatisfying(read -> assertThat(read.getRevision()).isEqualTo(43));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        assertThat(directory.toFile().list()).containsExactly("desired.checkpoint");
    }

    @Test
    void damageOfAnySingleByteIsNoticed() throws IOException {
        CheckpointFile file = new CheckpointFile(directory, "n1");
        file.write(SOME);
        byte[] good = Files.readAllBytes(path());
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            Files.write(path(), bad);
            assertThat(file.read()).as("byte %d", i).isEmpty();
        }
        for (int length = 0; length < good.length; length++) {
            Files.write(path(), java.util.Arrays.copyOf(good, length));
            assertThat(file.read()).as("cut to %d bytes", length).isEmpty();
        }
    }

    @Test
    void anotherNodesStateIsNotUsed() throws IOException {
        new CheckpointFile(directory, "n1").write(SOME);
        assertThat(new CheckpointFile(directory, "n2").read()).isEmpty();
    }

    private Path path() {
        return directory.resolve("desired.checkpoint");
    }
}
