package dev.weft.node.reconcile;

import dev.weft.node.model.Row;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
class OverlayKernelTest {

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TwoHosts hosts;

    @BeforeEach
    void startHosts() {
        hosts = new TwoHosts(namespaces, directory);
    }

    @AfterEach
    void stopHosts() {
        hosts.close();
    }

    private static List<Row> onOne() {
        return List.of(
                Rows.overlay("01", "wb-01", 4097, List.of("10.9.0.0/24", "fd00:9::/64")),
                Rows.sandbox("5a"),
                Rows.endpoint("e1", "01", "5a", "eth0", "10.9.0.2/24", "fd00:9::2/64"),
                Rows.vtep("01", "node-2", "192.0.2.2"),
                Rows.peer("e2", "01", "192.0.2.2", "10.9.0.3", "fd00:9::3"));
    }

    private static List<Row> onTwo() {
        return List.of(
                Rows.overlay("01", "wb-01", 4097, List.of("10.9.0.0/24", "fd00:9::/64")),
                Rows.sandbox("5b"),
                Rows.endpoint("e2", "01", "5b", "eth0", "10.9.0.3/24", "fd00:9::3/64"),
                Rows.vtep("01", "node-1", "192.0.2.1"),
                Rows.peer("e1", "01", "192.0.2.1", "10.9.0.2", "fd00:9::2"));
    }

    private void buildOverlay() {
        hosts.one.want(onOne());
        hosts.two.want(onTwo());
    }

    @Test
    void sandboxesOnTwoHostsReachEachOtherBothWays() {
        buildOverlay();
        TestNamespace a = hosts.one.sandbox("5a");
        TestNamespace b = hosts.two.sandbox("5b");
        a.run("ping -c 3 -i 0.1 -W 1 10.9.0.3");
        b.run("ping -c 3 -i 0.1 -W 1 10.9.0.2");
        a.run("ping -c 3 -i 0.1 -W 1 fd00:9::3");
        b.run("ping -c 3 -i 0.1 -W 1 fd00:9::2");
        // Full-sized packets fit the tunnel.
        a.run("ping -c 1 -W 1 -M do -s 1422 10.9.0.3");
    }
}
