package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.cluster.LoneReplica;
import dev.weft.controlplane.cluster.Replica;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.state.ReplicatedClusterState;
import dev.weft.controlplane.status.InMemoryStatusBoard;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node is asked that has no stream here at the moment. */
@Timeout(60)
final class PatientOpenerTest {

    private static final NodeName NODE = new NodeName("h1");

    private final Store store;
    private final ReplicatedClusterState state;
    private final InMemoryStatusBoard board;
    private final AtomicBoolean here = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private final PatientOpener opener;

    PatientOpenerTest(@TempDir Path directory) {
        store = SqliteStore.open(SqliteStoreConfig.in(directory));
        state = new ReplicatedClusterState(store);
        board = new InMemoryStatusBoard(state, new LoneReplica(new Replica("test", "127.0.0.1:1")), Clock.systemUTC());
        opener = new PatientOpener(
                (_, _) -> asked.incrementAndGet() > 0 && here.get(),
                (_, _, _) -> asked.incrementAndGet() > 0 && here.get(),
                board,
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        state.close();
        store.close();
    }

    @Test
    void whoIsHereIsAskedOnce() {
        here.set(true);
        assertThat(opener.openExec(NODE, "e")).isTrue();
        assertThat(asked).hasValue(1);
    }

    @Test
    void whoNeverWasHereIsNotWaitedFor() {
        assertThat(opener.openExec(NODE, "e")).isFalse();
        assertThat(opener.openAudit(NODE, "a", List.of())).isFalse();
        assertThat(asked).hasValue(2);
    }

    @Test
    void whoIsMovingIsWaitedFor() {
        board.connected(NODE, 1);
        board.disconnected(NODE);
        var unused = Thread.ofVirtual().start(() -> {
            while (asked.get() == 0) {
                Thread.onSpinWait();
            }
            here.set(true);
            board.connected(NODE, 2);
        });
        assertThat(opener.openExec(NODE, "e")).isTrue();
        assertThat(asked).hasValue(2);
    }

    @Test
    void whoDoesNotComeBackIsReportedAsAway() {
        board.connected(NODE, 1);
        board.disconnected(NODE);
        assertThat(opener.openAudit(NODE, "a", List.of())).isFalse();
    }
}
