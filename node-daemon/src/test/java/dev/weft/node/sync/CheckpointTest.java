package dev.weft.node.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.node.testing.Eventually;
import dev.weft.node.v1.InSync;
import dev.weft.node.v1.Row;
import dev.weft.node.v1.SnapshotChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

    private static final List<Row> ROWS = List.of(WireRows.peer("a1", "01"), WireRows.peer("a2", "01"));

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("desired.checkpoint");
    }

    @Test
    void whatIsSavedIsLoadedAgainAndIsTheOwnersAlone() throws IOException {
        Checkpoint checkpoint = new Checkpoint(directory);
        assertThat(checkpoint.load()).isEmpty();
        checkpoint.save(42, ROWS.subList(0, 1));
        checkpoint.save(43, ROWS);
        assertThat(new Checkpoint(directory).load()).hasValueSatisfying(saved -> {
            assertThat(saved.revision()).isEqualTo(43);
            assertThat(saved.rows()).containsExactlyElementsOf(ROWS);
        });
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(directory.toFile().list()).containsExactly("desired.checkpoint");
    }

    @Test
    void damageOfAnySingleByteAndAnyCutIsNoticed() throws IOException {
        Checkpoint checkpoint = new Checkpoint(directory);
        checkpoint.save(42, ROWS.subList(0, 1));
        byte[] good = Files.readAllBytes(file());
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            Files.write(file(), bad);
            assertThat(checkpoint.load()).as("byte %d", i).isEmpty();
        }
        for (int length = 0; length < good.length; length++) {
            Files.write(file(), Arrays.copyOf(good, length));
            assertThat(checkpoint.load()).as("cut to %d bytes", length).isEmpty();
        }
    }

    @Test
    void aRestOfAnInterruptedSaveIsNotLoadedAndNotInTheWay() throws IOException {
        Checkpoint checkpoint = new Checkpoint(directory);
        checkpoint.save(42, ROWS);
        Files.writeString(directory.resolve("desired.checkpoint.new"), "half of some");
        assertThat(checkpoint.load())
                .hasValueSatisfying(saved -> assertThat(saved.revision()).isEqualTo(42));
        checkpoint.save(43, ROWS);
        assertThat(directory.toFile().list()).containsExactly("desired.checkpoint");
    }

    @Test
    void aSaveThatFailsLeavesTheOldOne() throws IOException {
        Checkpoint checkpoint = new Checkpoint(directory);
        checkpoint.save(42, ROWS);
        // Something that cannot be replaced lies where the new file should be written, whoever the tests run as.
        Files.createDirectories(directory.resolve("desired.checkpoint.new/child"));
        assertThatThrownBy(() -> checkpoint.save(43, List.of())).isInstanceOf(IOException.class);
        assertThat(checkpoint.load())
                .hasValueSatisfying(saved -> assertThat(saved.rows()).hasSize(2));
    }

    @Test
    void somethingElseInItsPlaceIsNotUsed() throws IOException {
        Files.writeString(file(), "weft node checkpoint 2\nof a later version");
        assertThat(new Checkpoint(directory).load()).isEmpty();
        Files.delete(file());
        Files.createDirectory(file());
        assertThat(new Checkpoint(directory).load()).isEmpty();
    }

    @Test
    void theWriterSavesSoonAndOnceMoreWhenClosed() throws IOException {
        DesiredStateCache cache = new DesiredStateCache();
        Checkpoint checkpoint = new Checkpoint(directory);
        CheckpointWriter writer = new CheckpointWriter(checkpoint, cache);
        var unusedRestored = cache.restore(5, ROWS);
        writer.changed();
        Eventually.holds(
                "the first save",
                () -> checkpoint.load().filter(saved -> saved.revision() == 5).isPresent());
        cache.streamBegins();
        cache.chunk(SnapshotChunk.newBuilder().addAllRows(ROWS.subList(0, 1)).build());
        var unusedSnapshot = cache.inSync(InSync.newBuilder().setRevision(6).build());
        writer.changed();
        writer.close();
        assertThat(checkpoint.load()).hasValueSatisfying(saved -> {
            assertThat(saved.revision()).isEqualTo(6);
            assertThat(saved.rows()).hasSize(1);
        });
    }
}
