package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import dev.weft.lab.LabSpec;
import dev.weft.lab.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is lost, and comes back from a backup, while what is built goes on. */
@Tag("lab")
class BackupIT {

    private final LabSpec spec = Cluster.spec("bk").withHosts(2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void theStoreIsLostAndComesBackAndNothingThatFlowsIsInterrupted() throws Exception {
        try (Cluster cluster = new Cluster(spec)) {
            LabHost first = cluster.host(1);
            cluster.weft(first, "network", "create", "-d", "overlay", "--subnet", "10.83.0.0/24", "web");
            Cluster.Workload a = cluster.sandbox(first, "a", "--network", "web");
            Cluster.Workload b = cluster.sandbox(cluster.host(2), "b", "--network", "web");
            Cluster.awaitReach(a, b.ipv4());
            Path file = directory.resolve("weft.bak");
            assertThat(cluster.weft(first, "backup", file.toString())).contains(file + ": ", " of sqlite");
            assertThat(cluster.refused(first, "backup", file.toString())).contains("exists");
            Cluster.Workload late = cluster.sandbox(first, "late", "--network", "web");

            LabProcess controlPlane = cluster.lab().controlPlane();
            Path state = cluster.lab().controlPlaneHost().stateDirectory();
            assertThat(restore(cluster, file, state).stderr())
                    .as("a control plane runs on it")
                    .contains("is in use by process");
            try (PingStream flow = PingStream.start(a, b.ipv4())) {
                controlPlane.kill();
                assertThat(restore(cluster, file, state).stderr()).contains("the store is not empty", "sandboxes: 3");
                removeStore(state);
                assertThat(restore(cluster, file, state).orThrow()).contains("are in sqlite", "0 removed");
                controlPlane.restart();
                awaitInSync(cluster);
                flow.awaitMore(100);
                flow.assertNothingLost();
            }
            assertThat(cluster.weft(first, "sandbox", "ls", "--format", "{{.Name}} {{.Status}}"))
                    .isEqualTo("a ready\nb ready");
            Await.until(
                    "what came after the backup to be taken back",
                    Cluster.PATIENCE,
                    () -> !Files.exists(first.sandboxNamespace(late.id())));
            Cluster.Workload next = cluster.sandbox(cluster.host(2), "next", "--network", "web");
            assertThat(next.ipv4()).as("the address of the one that is gone").isEqualTo("10.83.0.4");
            Cluster.awaitReach(a, next.ipv4());
        }
    }

    /** The command's own words, with which somebody restores on the control plane's host. */
    private Shell.Result restore(Cluster cluster, Path file, Path state) {
        return cluster.lab().controlPlaneHost().weft("restore", "--state-dir", state.toString(), file.toString());
    }

    private static void removeStore(Path state) throws IOException {
        try (var files = Files.list(state)) {
            for (Path path : List.copyOf(files.toList())) {
                if (Files.isRegularFile(path)) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void awaitInSync(Cluster cluster) {
        Await.until(
                "both nodes to be in sync",
                Cluster.PATIENCE,
                () -> cluster.host(1)
                        .weft("node", "ls", "--format", "{{.Name}} {{.Status}}")
                        .stdout()
                        .equals("h1 in sync\nh2 in sync\n"));
    }
}
