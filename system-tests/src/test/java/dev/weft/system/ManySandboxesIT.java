package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ServerAddress;
import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** More sandboxes on a host than a small number, and more descriptors than select(2) takes. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManySandboxesIT {

    /** Each costs the daemon three descriptors: its namespace, a socket there, and one that hears of changes. */
    private static final int COUNT = 360;

    private final Cluster cluster = new Cluster(Cluster.spec("ms").withHosts(1));
    private final LabHost host = cluster.host(1);

    @AfterAll
    void down() {
        cluster.close();
    }

    @Test
    void theDaemonStartsAgainWithAllOfThem() throws Exception {
        cluster.weft(host, "network", "create", "lan");
        Cluster.Workload a = cluster.sandbox(host, "a", "--network", "lan");
        Cluster.Workload b = cluster.sandbox(host, "b", "--network", "lan");
        create();
        awaitInSync();
        LabProcess daemon = cluster.lab().daemon(host);
        daemon.kill();
        daemon.restart();
        awaitInSync();
        Cluster.Workload late = cluster.sandbox(host, "late", "--network", "lan");
        Cluster.awaitReach(late, a.ipv4());
        Cluster.awaitReach(b, late.ipv4());
        assertThat(cluster.weft(host, "sandbox", "ls", "-q").lines()).hasSize(COUNT + 3);
    }

    private void create() throws InterruptedException, ExecutionException {
        try (Connection connection = Connection.open(new ServerAddress.UnixSocket(
                        cluster.lab().controlPlaneHost().controlPlaneSocket()));
                ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Future<String>> made = IntStream.range(0, COUNT)
                    .mapToObj(i -> clients.submit(() -> connection
                            .sandboxes(Cluster.PATIENCE)
                            .createSandbox(CreateSandboxRequest.newBuilder()
                                    .setName("many" + i)
                                    .setNode(host.name())
                                    .addEndpoints(EndpointSpec.newBuilder().setNetwork("none"))
                                    .build())
                            .getId()))
                    .toList();
            for (Future<String> sandbox : made) {
                assertThat(sandbox.get()).isNotEmpty();
            }
        }
    }

    private void awaitInSync() {
        Await.until(
                "all of " + host.name() + " to be as desired",
                Cluster.PATIENCE.multipliedBy(4),
                () -> cluster.weft(host, "node", "ls").contains("in sync")
                        && cluster.weft(host, "sandbox", "ls", "--filter", "status=ready", "-q")
                                        .lines()
                                        .count()
                                >= COUNT + 2,
                () -> cluster.weft(host, "node", "ls"));
    }
}
